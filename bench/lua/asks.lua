-- asks.lua FILE START PREFIX: requests PREFIX followed by a line of the file, for each line after
-- line START; at the end of the file from its beginning again.
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
