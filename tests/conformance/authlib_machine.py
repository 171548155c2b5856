"""A machine that registers itself and signs for its tokens with Authlib; told by one line of JSON on its input."""

import json
import os
import sys
import time

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
# Authlib's assertions are good for an hour unless told otherwise, and the platform takes five minutes at the most.
claims = {"exp": int(time.time()) + 60}
signer = PrivateKeyJWT(server["token_endpoint"], claims=claims, headers={"kid": "machine"}, alg="ES256")
session.register_client_auth_method(signer)
tokens = session.fetch_token(server["token_endpoint"], grant_type="client_credentials")
print(json.dumps({"type": tokens["token_type"], "seconds": tokens["expires_in"]}))
