# The Traffic Manager alone on stock workerd, as `node tests/bench/limits.mjs` measures it.
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "traffic", worker = (
      modules = [
        (name = "index.js", esModule = embed "../../workers/traffic/build/index.js"),
        (name = "index_bg.wasm", wasm = embed "../../workers/traffic/build/index_bg.wasm"),
      ],
      compatibilityDate = "2026-11-01",
      durableObjectNamespaces = [(className = "LimitShard", uniqueKey = "bench-limits", enableSql = true)],
      durableObjectStorage = (localDisk = "disk"),
      bindings = [(name = "LIMITS", durableObjectNamespace = "LimitShard")],
    )),
    (name = "disk", disk = (path = "/tmp", writable = true)),
  ],
  sockets = [(name = "http", address = "unix:limits", http = (), service = "traffic")],
);
