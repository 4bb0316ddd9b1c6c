-- views.lua ARTICLES RUN [RATE]: views articles 1 to ARTICLES in turns, each as another reader,
-- because the server counts a reader (an address and an agent) once an article in half an hour. RUN
-- makes the readers of one run differ from those of another. RATE is views a second, if there are
-- enough connections; without it as many as possible.
require "report"

local articles, views = 1, 0
local before, between, behind

-- The time in ms; Lua itself knows only seconds.
local ffi = require "ffi"
ffi.cdef "struct timeval { long s, us; }; int gettimeofday(struct timeval *now, void *zone);"
local now = ffi.new "struct timeval"
local function now_ms()
   ffi.C.gettimeofday(now, nil)
   return tonumber(now.s) * 1000 + tonumber(now.us) / 1000
end

-- How many ms a connection waits before its next view. Views that are late for long are dropped.
local function paced(rate)
   local due = now_ms()
   return function()
      due = math.max(due + 1000 / rate, now_ms() - 100)
      return math.max(due - now_ms(), 0)
   end
end

function init(args)
   articles = tonumber(args[1])
   wrk.headers["User-Agent"] = "\2"
   local whole = wrk.format("POST", "/\1")
   before, between, behind = whole:match("^(.*)/\1(.*)\2(.*)$")
   before = before .. "/api/v1/articles/"
   between = "/views" .. between ..
      "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0 reader-" ..
      args[2] .. "-" .. number .. "-"
   if args[3] then
      delay = paced(tonumber(args[3]))
   end
end

function request()
   views = views + 1
   return before .. views % articles + 1 .. between .. views .. behind
end
