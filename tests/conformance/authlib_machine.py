"""A machine that registers itself and signs for its tokens with Authlib; told by one line of JSON on its input."""

import json
import os
import sys

# The platform under test is on loopback, without TLS.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from joserfc.jwk import ECKey

import requests

told = json.loads(sys.stdin.readline())
server = AuthorizationServerMetadata(
    requests.get(f"{told['issuer']}/.well-known/openid-configuration", timeout=10).json()
)
server.validate()
key = ECKey.generate_key("P-256", {"kid": "machine", "use": "sig"}, private=True)
registered = requests.post(
    server["registration_endpoint"],
    headers={"authorization": f"Bearer {told['token']}"},
    json={
        "client_name": "A machine",
        "grant_types": ["client_credentials"],
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks": {"keys": [key.as_dict(private=False)]},
    },
    timeout=10,
).json()
session = OAuth2Session(
    registered["client_id"],
    key,
    token_endpoint_auth_method="private_key_jwt",
    token_endpoint=server["token_endpoint"],
)
session.register_client_auth_method(PrivateKeyJWT(server["token_endpoint"], headers={"kid": "machine"}, alg="ES256"))
tokens = session.fetch_token(server["token_endpoint"], grant_type="client_credentials")
said = session.introspect_token(server["introspection_endpoint"], token=tokens["access_token"]).json()
print(json.dumps({"type": tokens["token_type"], "active": said["active"], "client": said["client_id"] == registered["client_id"]}))
