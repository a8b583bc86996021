-- wrk: ask for the given paths in turn, with a bearer token.
local requests = {}
local place = 0

function init(args)
  for i = 2, #args do
    requests[#requests + 1] = wrk.format("GET", args[i], { ["Authorization"] = "Bearer " .. args[1] })
  end
end

function request()
  place = place % #requests + 1
  return requests[place]
end
