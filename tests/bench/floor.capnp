# The floor on stock workerd. BENCH_UPSTREAM is set by `cargo xtask bench`.
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "floor", worker = (
      modules = [(name = "floor.js", esModule = embed "floor.js")],
      compatibilityDate = "2026-08-01",
      bindings = [(name = "UPSTREAM", fromEnvironment = "BENCH_UPSTREAM")],
    )),
    (name = "internet", network = (allow = ["private", "public"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "floor")],
);
