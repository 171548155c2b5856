"""An application that signs people in with Authlib, told line by line by authlib.test.mjs what to do.

Reads a JSON object from each line of its input and answers with one on its output.
"""

import json
import os
import sys

# The platform under test is on loopback, without TLS.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from joserfc import jwt
from joserfc.jwk import KeySet

import requests


class Application:
    def __init__(self, issuer, client_id, client_secret, callback):
        document = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=10).json()
        self.server = AuthorizationServerMetadata(document)
        self.verifier = generate_token(48)
        self.session = OAuth2Session(
            client_id,
            client_secret,
            scope="openid profile offline_access",
            redirect_uri=callback,
            code_challenge_method="S256",
            token_endpoint=self.server["token_endpoint"],
        )

    def begin(self):
        address, self.state = self.session.create_authorization_url(
            self.server["authorization_endpoint"], code_verifier=self.verifier, nonce="n-1"
        )
        return {"address": address}

    def finish(self, address):
        token = self.session.fetch_token(
            authorization_response=address, state=self.state, code_verifier=self.verifier
        )
        keys = KeySet.import_key_set(requests.get(self.server["jwks_uri"], timeout=10).json())
        identity = jwt.decode(token["id_token"], keys, algorithms=["ES256", "RS256", "Ed25519", "EdDSA"])
        rules = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": self.server["issuer"]},
            aud={"essential": True, "value": self.session.client_id},
            nonce={"essential": True, "value": "n-1"},
        )
        rules.validate(identity.claims)
        user = self.session.get(self.server["userinfo_endpoint"]).json()
        return {"subject": identity.claims["sub"], "user": user["sub"]}

    def renew(self):
        old = self.session.token["refresh_token"]
        new = self.session.refresh_token(self.server["token_endpoint"], refresh_token=old)
        return {"rotated": new["refresh_token"] != old}

    def exchange(self, scope, resource):
        narrow = OAuth2Session(
            self.session.client_id, self.session.client_secret, token_endpoint=self.server["token_endpoint"]
        ).fetch_token(
            grant_type="urn:ietf:params:oauth:grant-type:token-exchange",
            subject_token=self.session.token["access_token"],
            subject_token_type="urn:ietf:params:oauth:token-type:access_token",
            scope=scope,
            resource=resource,
        )
        keys = KeySet.import_key_set(requests.get(self.server["jwks_uri"], timeout=10).json())
        claims = jwt.decode(narrow["access_token"], keys, algorithms=["ES256", "RS256", "Ed25519", "EdDSA"]).claims
        return {"audience": claims["aud"], "scope": narrow["scope"]}

    def is_active(self):
        answer = self.session.introspect_token(
            self.server["introspection_endpoint"], token=self.session.token["access_token"]
        )
        return {"active": answer.json()["active"]}

    def revoke(self):
        answer = self.session.revoke_token(
            self.server["revocation_endpoint"], token=self.session.token["refresh_token"]
        )
        return {"status": answer.status_code}


application = Application(**json.loads(sys.stdin.readline()))
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    order = json.loads(line)
    answer = getattr(application, order.pop("do"))(**order)
    print(json.dumps(answer), flush=True)
