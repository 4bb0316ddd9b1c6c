-- What every script for wrk has: a number for each thread, and one line of figures at the end.

local threads = 0

function setup(thread)
   thread:set("number", threads)
   threads = threads + 1
end

function done(summary, latency)
   local errors = summary.errors
   io.write(string.format(
      'bench {"requests": %d, "wall_us": %d, "bytes": %d, "p50_us": %d, "p99_us": %d, ' ..
      '"max_us": %d, "refused": %d, "broken": %d, "late": %d}\n',
      summary.requests, summary.duration, summary.bytes, latency:percentile(50),
      latency:percentile(99), latency.max, errors.status,
      errors.connect + errors.read + errors.write, errors.timeout))
end

-- The parts of a request before and after its path, so that they are formatted once.
function around_path(method)
   local whole = wrk.format(method, "/\1")
   local at = whole:find("/\1", 1, true)
   return whole:sub(1, at - 1), whole:sub(at + 2)
end
