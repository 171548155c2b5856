# The platform as in postern.capnp, which besides lends gateways in other processes what they need: see gateway.capnp.
# What these sockets lead to asks nobody who they are, so they belong into a folder that only their owner may enter.
using Workerd = import "/workerd/workerd.capnp";
using Postern = import "postern.capnp";

const config :Workerd.Config = (
  services = Postern.services,
  sockets = [
    (name = "http", address = "127.0.0.1:8787", http = (), service = "front"),
    (name = "kv", address = "unix:kv", http = (), service = (name = "kv", props = (json = "{\"namespace\":\"postern-config\"}"))),
    (name = "traffic", address = "unix:traffic", http = (), service = "traffic"),
    (name = "analytics", address = "unix:analytics", http = (), service = "analytics"),
    (name = "keys", address = "unix:keys", http = (), service = "keys"),
    (name = "shaper", address = "unix:shaper", http = (), service = "shaper"),
  ],
);
