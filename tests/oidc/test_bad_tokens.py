"""Every token that is not the provider's own for this desk and this sign-in is refused."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwe
from joserfc.jwk import RSAKey

from helpdesk_core.errors import SignInRefused
from tests.oidc.hostile import (
    CLIENT_ID,
    CLIENT_SECRET,
    EC,
    NOW,
    RSA,
    STRANGERS,
    Hostile,
    signed,
    written,
)

if TYPE_CHECKING:
    from tests.oidc.conftest import SignIn

Trick = Callable[[Hostile], str]
"""What the provider, or somebody in its place, gives instead of a good token."""

DAY = 86400
HUGE = "x" * 70_000


def b64(text: str | bytes) -> str:
    raw = text.encode() if isinstance(text, str) else text
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def claiming(**claims: Any) -> Trick:  # noqa: ANN401  # any JSON
    """A good token but for these claims."""

    def trick(hostile: Hostile) -> str:
        hostile.claims = claims
        return hostile.id_token()

    return trick


def headed(**header: Any) -> Trick:  # noqa: ANN401  # any JSON
    """A good token but for this in its head."""

    def trick(hostile: Hostile) -> str:
        hostile.header = header
        return hostile.id_token()

    return trick


def forged(**header: Any) -> Trick:  # noqa: ANN401  # any JSON
    """Signed by somebody else, who says so or does not."""

    def trick(hostile: Hostile) -> str:
        hostile.signer, hostile.header = STRANGERS, header
        return hostile.id_token()

    return trick


def saying(payload: str | bytes | Callable[[str], str]) -> Trick:
    """Well signed, but with other bytes in it; made of the good ones."""

    def trick(hostile: Hostile) -> str:
        good = json.dumps(hostile.all_claims())
        body = payload(good) if callable(payload) else payload
        return signed({"alg": "RS256", "kid": "rsa"}, body, RSA)

    return trick


def head_written(head: str) -> Trick:
    """With a head that is written by hand, and a signature over it."""

    def trick(hostile: Hostile) -> str:
        _, payload, _ = hostile.id_token().split(".")
        said = f"{b64(head)}.{payload}"
        assert RSA.private_key is not None
        signature = RSA.private_key.sign(said.encode(), PKCS1v15(), SHA256())
        return f"{said}.{b64(signature)}"

    return trick


def none(hostile: Hostile) -> str:
    return f"{b64(json.dumps({'alg': 'none'}))}.{b64(json.dumps(hostile.all_claims()))}."


def none_with_a_signature(hostile: Hostile) -> str:
    _, payload, signature = hostile.id_token().split(".")
    return f"{b64(json.dumps({'alg': 'none', 'kid': 'rsa'}))}.{payload}.{signature}"


def symmetric(secret: bytes, digest: str = "sha256") -> Trick:
    """Signed with what is no secret, or not one for this."""

    def trick(hostile: Hostile) -> str:
        head = b64(json.dumps({"alg": f"HS{digest[3:]}", "kid": "rsa"}))
        said = f"{head}.{b64(json.dumps(hostile.all_claims()))}"
        return f"{said}.{b64(hmac.digest(secret, said.encode(), digest))}"

    return trick


def encrypted(hostile: Hostile) -> str:
    header = {"alg": "RSA-OAEP", "enc": "A128GCM", "kid": "rsa"}
    return jwe.encrypt_compact(header, hostile.id_token(), RSAKey.import_key(RSA.as_dict()))


def cut(part: int, piece: slice) -> Trick:
    def trick(hostile: Hostile) -> str:
        parts = hostile.id_token().split(".")
        parts[part] = parts[part][piece]
        return ".".join(parts)

    return trick


def claims_of_another(hostile: Hostile) -> str:
    head, _, signature = hostile.id_token().split(".")
    return f"{head}.{b64(json.dumps({**hostile.all_claims(), 'sub': 'admin'}))}.{signature}"


def shaped(shape: Callable[[str], str]) -> Trick:
    return lambda hostile: shape(hostile.id_token())


def general_json(hostile: Hostile) -> str:
    head, payload, signature = hostile.id_token().split(".")
    return json.dumps({"payload": payload, "protected": head, "signature": signature})


def of_another_algorithm(algorithm: str) -> Trick:
    """Signed by the right key, in a way that the desk does not take."""

    def trick(hostile: Hostile) -> str:
        header = {"alg": algorithm, "kid": "rsa"}
        return signed(header, json.dumps(hostile.all_claims()), RSA)

    return trick


def by_a_key_for_encrypting(hostile: Hostile) -> str:
    public = [{**RSA.as_dict(private=False), "use": "enc"}]
    hostile.pages["/jwks"] = written({"keys": public})
    return hostile.id_token()


def by_a_key_for_another_algorithm(hostile: Hostile) -> str:
    public = [{**RSA.as_dict(private=False), "alg": "PS256"}]
    hostile.pages["/jwks"] = written({"keys": public})
    return hostile.id_token()


def without_a_name_among_several(hostile: Hostile) -> str:
    hostile.keys = [RSA, STRANGERS]
    hostile.header = {"kid": ...}
    return hostile.id_token()


STRANGERS_PUBLIC = STRANGERS.as_dict(private=False)
TRICKS: dict[str, dict[str, Trick]] = {
    "the ID token is no signed token that is understood": {
        "unsigned": none,
        "no signature": cut(2, slice(0)),
        "encrypted": encrypted,
        "in JSON": general_json,
        "nothing": lambda _: "",
        "dots": lambda _: "..",
        "five parts": shaped(lambda token: f"{token}.a.b"),
        "two parts": shaped(lambda token: token.rpartition(".")[0]),
        "with blanks around": shaped(lambda token: f" {token}\n"),
        "with padding": shaped(lambda token: f"{token}=="),
        "of the other alphabet": shaped(
            lambda token: token.replace("-", "+").replace("_", "/") + "/"
        ),
        "with letters of other scripts": shaped(lambda token: f"\u0430{token[1:]}"),
        "huge": claiming(filler=HUGE),
    },
    "the ID token's algorithm is none that is taken": {
        "unsigned, with a signature": none_with_a_signature,
        "None": head_written('{"alg":"None","kid":"rsa"}'),
        "HS256 with the public key as PEM": symmetric(RSA.as_pem(private=False)),
        "HS256 with the public key as DER": symmetric(RSA.as_der(private=False)),
        "HS256 with the modulus": symmetric(str(RSA.as_dict()["n"]).encode()),
        "HS256 with the client's secret": symmetric(CLIENT_SECRET.encode()),
        "HS512 with the client's secret": symmetric(CLIENT_SECRET.encode(), "sha512"),
        "RS384": of_another_algorithm("RS384"),
        "RS512": of_another_algorithm("RS512"),
        "PS512": of_another_algorithm("PS512"),
        "rs256 in small letters": head_written('{"alg":"rs256","kid":"rsa"}'),
        "no algorithm": head_written('{"kid":"rsa"}'),
        "a list of algorithms": head_written('{"alg":["RS256"],"kid":"rsa"}'),
        "a number for an algorithm": head_written('{"alg":256,"kid":"rsa"}'),
    },
    "the ID token's head cannot be read": {
        "an algorithm twice": head_written('{"alg":"none","alg":"RS256","kid":"rsa"}'),
        "a head with its end cut off": cut(0, slice(-8)),
        "a huge head": headed(filler="x" * 20_000),
        "a head that is a list": head_written('["RS256"]'),
        "a head that is no JSON": head_written("{alg:RS256}"),
        "a head that goes deep": head_written(
            '{"alg":"RS256","kid":' + "[" * 200 + "]" * 200 + "}"
        ),
    },
    "the ID token's signature does not hold (BadSignatureError)": {
        "somebody else's key by the same name": forged(),
        "somebody else's key by no name": forged(kid=...),
        "somebody else's key, in the head": forged(jwk=STRANGERS_PUBLIC, kid=...),
        "a way to somebody else's keys": forged(jku="http://127.0.0.1:9/keys"),
        "a way to somebody else's chain": forged(x5u="http://127.0.0.1:9/chain"),
        "half a signature": cut(2, slice(100)),
        "a signature with its end cut off": cut(2, slice(-1)),
        "claims with their end cut off": cut(1, slice(-8)),
        "claims of another token": claims_of_another,
    },
    "the ID token is signed with a key that is not the issuer's": {
        "somebody else's key, in the head, named": forged(jwk=STRANGERS_PUBLIC, kid="mine"),
        "somebody else's chain, in the head": forged(x5c=["MIIB"], kid="mine"),
        "a key that nobody has": forged(kid="nobody's"),
        "a key's name like a path": forged(kid="../../../dev/null"),
        "a key's name like a query": forged(kid="x' UNION SELECT 'key' --"),
        "an empty name of a key": forged(kid=""),
        "no name of a key among several": without_a_name_among_several,
        "the right key, meant for encrypting": by_a_key_for_encrypting,
        "the right key, meant for another algorithm": by_a_key_for_another_algorithm,
        "the name of a key of another kind": head_written('{"alg":"RS256","kid":"ec"}'),
        "ES256 by the name of an RSA key": head_written('{"alg":"ES256","kid":"rsa"}'),
    },
    "the ID token's kid is no name of a key": {
        "a huge name of a key": headed(kid="k" * 4000),
        "a number for a key's name": head_written('{"alg":"RS256","kid":1}'),
        "a list for a key's name": head_written('{"alg":"RS256","kid":["rsa"]}'),
    },
    "the ID token wants more than is understood": {
        "a critical extension": head_written('{"alg":"RS256","kid":"rsa","crit":["exp"],"exp":1}'),
        "an empty list of them": head_written('{"alg":"RS256","kid":"rsa","crit":[]}'),
        "claims that are not encoded": head_written(
            '{"alg":"RS256","kid":"rsa","b64":false,"crit":["b64"]}'
        ),
        "a token for access": headed(typ="at+jwt"),
        "a token for signing out": headed(typ="logout+jwt"),
        "a number for its type": head_written('{"alg":"RS256","kid":"rsa","typ":1}'),
    },
    "the ID token's iss is not what it must be": {
        "no claims": saying("{}"),
        "another issuer": claiming(iss="https://accounts.google.com"),
        "the issuer with a slash": lambda hostile: claiming(iss=f"{hostile.issuer}/")(hostile),
        "the issuer in capitals": lambda hostile: claiming(iss=hostile.issuer.upper())(hostile),
        "the issuer in a list": lambda hostile: claiming(iss=[hostile.issuer])(hostile),
        "no issuer": claiming(iss=...),
        "nothing for an issuer": claiming(iss=None),
    },
    "the ID token's claims are no JSON object": {
        "claims that are a list": saying(lambda good: f"[{good}]"),
        "claims that are a text": saying(json.dumps),
        "claims that are no JSON": saying("iss=me"),
        "claims that are no UTF-8": saying(b'{"iss":"\xff"}'),
        "claims in UTF-16": saying(lambda good: good.encode("utf-16").decode("latin-1")),
        "claims twice over": saying(lambda good: good + good),
        "claims that go deep": saying(
            lambda good: f'{good[:-1]}, "x": {"[" * 5000}{"]" * 5000}}}',
        ),
        "a claim twice": saying(lambda good: f'{good[:-1]}, "sub": "admin"}}'),
        "an audience twice": saying(lambda good: f'{{"aud": "others", {good[1:]}'),
        "an endless number": saying(lambda good: f'{good[:-1]}, "exp2": 1{"0" * 5000}}}'),
        "not a number": saying(lambda good: f'{good[:-1]}, "x": NaN}}'),
        "infinity": saying(lambda good: f'{good[:-1]}, "x": Infinity}}'),
        "infinity written out": saying(lambda good: f'{good[:-1]}, "x": 1e999}}'),
    },
    "the ID token's aud is not what it must be": {
        "another audience": claiming(aud="another-desk"),
        "the audience in capitals": claiming(aud=CLIENT_ID.upper()),
        "two audiences": claiming(aud=[CLIENT_ID, "another-desk"]),
        "two audiences, authorized for us": claiming(aud=[CLIENT_ID, "another"], azp=CLIENT_ID),
        "an empty audience": claiming(aud=""),
        "no audience in a list": claiming(aud=[]),
        "the audience in a list in a list": claiming(aud=[[CLIENT_ID]]),
        "the audience as an object": claiming(aud={CLIENT_ID: True}),
        "true for an audience": claiming(aud=True),
        "no audience": claiming(aud=...),
    },
    "the ID token's azp is not what it must be": {
        "authorized for another": claiming(azp="another-desk"),
        "authorized for a list": claiming(azp=[CLIENT_ID]),
        "authorized for nothing": claiming(azp=None),
    },
    "the ID token's exp is not what it must be": {
        "run out": claiming(exp=NOW - DAY),
        "run out a moment ago": claiming(exp=NOW - 61),
        "run out in 1970": claiming(exp=0),
        "run out before that": claiming(exp=-1e300),
        "no end": claiming(exp=...),
        "a text for an end": claiming(exp="9999999999"),
        "a list for an end": claiming(exp=[9999999999]),
        "true for an end": claiming(exp=True),
        "nothing for an end": claiming(exp=None),
    },
    "the ID token's iat is not what it must be": {
        "issued tomorrow": claiming(iat=NOW + DAY),
        "issued soon": claiming(iat=NOW + 120),
        "issued yesterday": claiming(iat=NOW - DAY),
        "issued before the sign-in began": claiming(iat=NOW - 3600),
        "not issued": claiming(iat=...),
        "a text for when it was issued": claiming(iat=str(int(NOW))),
        "true for when it was issued": claiming(iat=True),
    },
    "the ID token's nbf is not what it must be": {
        "not good before tomorrow": claiming(nbf=NOW + DAY),
        "not good before soon": claiming(nbf=NOW + 120),
        "a text for its beginning": claiming(nbf="0"),
        "nothing for its beginning": claiming(nbf=None),
    },
    "the ID token's nonce is not what it must be": {
        "another nonce": claiming(nonce="another"),
        "no nonce": claiming(nonce=...),
        "an empty nonce": claiming(nonce=""),
        "nothing for a nonce": claiming(nonce=None),
        "true for a nonce": claiming(nonce=True),
        "the nonce in a list": lambda hostile: claiming(nonce=[hostile.nonce])(hostile),
        "the nonce and a bit": lambda hostile: claiming(nonce=hostile.nonce + "x")(hostile),
        "a nonce that cannot be encoded": claiming(nonce="\ud800"),
    },
    "the ID token's at_hash is not what it must be": {
        "another access token's digest": claiming(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
        "an empty digest": claiming(at_hash=""),
        "a number for a digest": claiming(at_hash=1),
    },
    "the ID token's sub is not what it must be": {
        "nobody": claiming(sub=...),
        "an empty subject": claiming(sub=""),
        "a number for a subject": claiming(sub=1),
        "true for a subject": claiming(sub=True),
        "a list for a subject": claiming(sub=["subject-1"]),
        "a subject of 10 KB": claiming(sub="s" * 10_240),
        "a subject of 256 characters": claiming(sub="s" * 256),
        "a subject with a NUL": claiming(sub="subject-1\x00"),
        "a subject on two lines": claiming(sub="subject\n1"),
        "a subject of another script": claiming(sub="subj\u0435ct-1"),
        "a subject of half a character": claiming(sub="\ud800"),
    },
}
"""By the reason for which each is refused."""


CASES = [(reason, trick) for reason, tricks in TRICKS.items() for trick in tricks]


@pytest.mark.parametrize(("reason", "trick"), CASES, ids=[trick for _, trick in CASES])
def test_a_bad_token_is_refused(hostile: Hostile, sign_in: SignIn, reason: str, trick: str) -> None:
    hostile.pages["/token"] = lambda: written(
        {"id_token": TRICKS[reason][trick](hostile), "access_token": "a-token"}
    )

    with pytest.raises(SignInRefused) as refused:
        _ = sign_in()
    assert reason == refused.value.reason
    assert "The sign-in did not succeed. Please try again." == refused.value.message


@pytest.mark.parametrize("trick", ["jku", "x5u"])
def test_no_address_in_a_token_is_asked(hostile: Hostile, sign_in: SignIn, trick: str) -> None:
    hostile.signer, hostile.header = STRANGERS, {trick: f"{hostile.issuer}/theirs", "kid": "x"}

    with pytest.raises(SignInRefused):
        _ = sign_in()
    assert 0 == hostile.asked("/theirs")


def test_an_algorithm_that_is_not_announced_is_none(hostile: Hostile, sign_in: SignIn) -> None:
    hostile.document["id_token_signing_alg_values_supported"] = ["RS256"]
    hostile.signer, hostile.header = EC, {"alg": "ES256"}

    with pytest.raises(SignInRefused) as refused:
        _ = sign_in()
    assert "the ID token's algorithm is none that is taken" == refused.value.reason


def test_a_token_of_another_sign_in_is_refused(hostile: Hostile, sign_in: SignIn) -> None:
    _ = sign_in()
    old = hostile.id_token()
    hostile.pages["/token"] = written({"id_token": old, "access_token": "a-token"})

    with pytest.raises(SignInRefused):
        _ = sign_in()
