-- For wrk: the paths given after the address are asked for one after another, over all connections.
local paths, turn = {}, 0

function init(args)
  paths = args
end

function request()
  turn = turn % #paths + 1
  return wrk.format(nil, paths[turn])
end
