-- asks.lua FILE START PREFIX: asks for PREFIX with each line of a file behind it, beginning behind
-- line START, and from the beginning again at its end.
require "report"

local asks, at = {}, 0
local before, behind

function init(args)
   for line in io.lines(args[1]) do
      asks[#asks + 1] = line
   end
   at = tonumber(args[2]) + number * 7919
   before, behind = around_path("GET")
   before = before .. (args[3] or "")
end

function request()
   at = at % #asks + 1
   return before .. asks[at] .. behind
end
