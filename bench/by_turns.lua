-- For wrk: what is given after the address, paths and bearer tokens, is taken one after another, over
-- all connections.
local paths, tokens, turn = {}, {}, 0

function init(args)
  for _, given in ipairs(args) do
    table.insert(given:sub(1, 1) == "/" and paths or tokens, given)
  end
end

function request()
  turn = turn + 1
  if #tokens > 0 then
    wrk.headers["Authorization"] = "Bearer " .. tokens[turn % #tokens + 1]
  end
  return wrk.format(nil, paths[turn % #paths + 1])
end
