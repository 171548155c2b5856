"""An application that signs people in with Authlib, told line by line by authlib.test.mjs what to do.

Reads a JSON object from each line of its input and answers with one on its output.
"""

import base64
import hashlib
import json
import os
import sys
import time
import uuid

# The platform under test is on loopback, without TLS.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

from authlib.common.errors import AuthlibBaseError as OAuthError
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

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

    def begin_device(self):
        told = self.session.post(
            self.server["device_authorization_endpoint"],
            data={"client_id": self.session.client_id, "client_secret": self.session.client_secret, "scope": "openid"},
            withhold_token=True,
        ).json()
        self.device = told["device_code"]
        return {"address": told["verification_uri_complete"], "waits": self.poll()}

    def poll(self):
        """What a poll is told: the word of an error, or nothing."""
        try:
            self.connected = self.another().fetch_token(grant_type=DEVICE_CODE, device_code=self.device)
        except OAuthError as error:
            return error.error
        return None

    def finish_device(self):
        return {"error": self.poll(), "type": self.connected["token_type"]}

    def another(self):
        return OAuth2Session(
            self.session.client_id, self.session.client_secret, token_endpoint=self.server["token_endpoint"]
        )

    def bind(self):
        """Authlib has no DPoP of its own: its sessions carry proofs that joserfc signs, as its users do it."""
        key = ECKey.generate_key("P-256", private=True)
        address = self.server["token_endpoint"]
        first = requests.post(address, data={"grant_type": "client_credentials"}, timeout=10,
                              auth=(self.session.client_id, self.session.client_secret),
                              headers={"DPoP": proof(key, "POST", address)})
        nonce = first.headers["DPoP-Nonce"]
        token = self.another().fetch_token(
            grant_type="client_credentials", headers={"DPoP": proof(key, "POST", address, nonce=nonce)}
        )
        keys = KeySet.import_key_set(requests.get(self.server["jwks_uri"], timeout=10).json())
        claims = jwt.decode(token["access_token"], keys, algorithms=["ES256", "RS256", "Ed25519", "EdDSA"]).claims
        return {
            "first": first.json()["error"],
            "type": token["token_type"],
            "is_own": claims["cnf"]["jkt"] == key.thumbprint(),
        }

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


def proof(key, method, address, nonce=None, token=None):
    claims = {"htm": method, "htu": address, "iat": int(time.time()), "jti": str(uuid.uuid4())}
    if nonce:
        claims["nonce"] = nonce
    if token:
        digest = hashlib.sha256(token.encode()).digest()
        claims["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    header = {"typ": "dpop+jwt", "alg": "ES256", "jwk": key.as_dict(private=False)}
    return jwt.encode(header, claims, key, algorithms=["ES256"])


DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"

application = Application(**json.loads(sys.stdin.readline()))
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    order = json.loads(line)
    answer = getattr(application, order.pop("do"))(**order)
    print(json.dumps(answer), flush=True)
