# The analytics Worker twice on stock workerd: with its embedded store, and with an emulator in the place of Cloudflare's
# Analytics Engine, which takes the points of the platform's own binding and answers the engine's SQL.
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "embedded", worker = (
      modules = .modules,
      compatibilityDate = .date,
      durableObjectNamespaces = [(className = "StatStore", uniqueKey = "journey-embedded", enableSql = true)],
      durableObjectStorage = (localDisk = "disk"),
      bindings = [
        (name = "STATS", durableObjectNamespace = "StatStore"),
        (name = "EVENT_STORE", text = "embedded"),
        (name = "EVENT_ADDRESSES", text = "hashed"),
      ],
    )),
    (name = "engine", worker = (
      modules = .modules,
      compatibilityDate = .date,
      durableObjectNamespaces = [(className = "StatStore", uniqueKey = "journey-engine", enableSql = true)],
      durableObjectStorage = (localDisk = "disk"),
      globalOutbound = "postern_events",
      bindings = [
        (name = "STATS", durableObjectNamespace = "StatStore"),
        (name = "EVENTS", analyticsEngine = "postern_events"),
        (name = "EVENT_STORE", text = "engine"),
        (name = "ENGINE_URL", text = "https://engine.example/sql"),
        (name = "ENGINE_DATASET", text = "postern_events"),
        (name = "ENGINE_TOKEN", text = "token-of-the-journey"),
      ],
    )),
    (name = "postern_events", worker = (
      modules = [(name = "engine.js", esModule = embed "engine.js")],
      compatibilityDate = .date,
      durableObjectNamespaces = [(className = "Points", uniqueKey = "journey-points", enableSql = true)],
      durableObjectStorage = (localDisk = "disk"),
      bindings = [(name = "POINTS", durableObjectNamespace = "Points")],
    )),
    (name = "disk", disk = (path = "/tmp", writable = true)),
  ],
  sockets = [
    (name = "embedded", address = "unix:embedded", http = (), service = "embedded"),
    (name = "engine", address = "unix:engine", http = (), service = "engine"),
    (name = "points", address = "unix:points", http = (), service = "postern_events"),
  ],
);
const date :Text = "2026-11-01";
const modules :List(Workerd.Worker.Module) = [
  (name = "index.js", esModule = embed "../../workers/analytics/build/index.js"),
  (name = "index_bg.wasm", wasm = embed "../../workers/analytics/build/index_bg.wasm"),
];
