# The analytics Worker alone on stock workerd, as `node tests/bench/statistics.mjs` measures it.
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "analytics", worker = (
      modules = [
        (name = "index.js", esModule = embed "../../workers/analytics/build/index.js"),
        (name = "index_bg.wasm", wasm = embed "../../workers/analytics/build/index_bg.wasm"),
      ],
      compatibilityDate = "2026-11-01",
      durableObjectNamespaces = [(className = "StatStore", uniqueKey = "bench-statistics", enableSql = true)],
      durableObjectStorage = (localDisk = "disk"),
      bindings = [(name = "STATS", durableObjectNamespace = "StatStore")],
    )),
    (name = "disk", disk = (path = "/tmp", writable = true)),
  ],
  sockets = [(name = "http", address = "unix:statistics", http = (), service = "analytics")],
);
