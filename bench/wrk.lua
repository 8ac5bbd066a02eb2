-- What wrk asks for, and one line of figures at its end.
--
--     wrk … -s wrk.lua http://127.0.0.1:PORT -- TARGETS [BODY TOKEN PATH EVERY]
--
-- TARGETS is a file with a target a line: one is asked again and again, more in a shuffled order.
-- With a BODY (a file; each {n} in it becomes a number never used before) one request of EVERY
-- is a POST of it to PATH.

local requests, writes = {}, 0

local function read(path)
    local file = assert(io.open(path, "rb"))
    local text = file:read("*a")
    file:close()
    return text
end

-- wrk has set the Host field before it calls this.
function init(args)
    for target in read(args[1]):gmatch("[^\n]+") do
        requests[#requests + 1] = target
    end
    if #requests == 1 and not args[2] then
        wrk.path = requests[1] -- the only request is then made once, and costs wrk nothing
        return
    end
    math.randomseed(os.time())
    for i = #requests, 1, -1 do
        local j = math.random(i)
        requests[i], requests[j] = requests[j], requests[i]
    end
    for i, target in ipairs(requests) do
        requests[i] = wrk.format("GET", target)
    end

    local at, asked = 0, 0
    local function read_next()
        at = at % #requests + 1
        return requests[at]
    end
    request = read_next
    if not args[2] then
        return
    end
    local body, path, every = read(args[2]), args[4], tonumber(args[5])
    local run = os.time() * 1000 + math.random(999)
    local headers = {["Authorization"] = "Bearer " .. args[3], ["Content-Type"] = "application/json"}
    request = function()
        asked = asked + 1
        if asked % every ~= 0 then
            return read_next()
        end
        writes = writes + 1
        return wrk.format("POST", path, headers, (body:gsub("{n}", run .. "-" .. writes)))
    end
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format("figures %d %d %d %d %d %d\n", summary.requests, summary.duration,
        errors.connect + errors.read + errors.write + errors.timeout, errors.status,
        latency:percentile(50), latency:percentile(99)))
end
