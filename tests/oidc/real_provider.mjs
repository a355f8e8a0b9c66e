// npm's oidc-provider on a free port of loopback, with its own forms for signing in and consenting.
// Arguments: the folder in which it is installed, where browsers are sent back to, how clients show
// their secrets, and `token` or `userinfo` for where it tells of people.
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

const [folder, redirectUri, authMethod, place] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(`${folder}/node_modules/${path}`));
const { Provider } = await load('oidc-provider/lib/index.js');
const { generateKeyPair, exportJWK } = await load('jose/dist/webapi/index.js');

const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'Ed25519'];
const keys = await Promise.all(
  ALGORITHMS.map(async (alg) => {
    const { privateKey } = await generateKeyPair(alg, { extractable: true });
    return { ...(await exportJWK(privateKey)), alg, use: 'sig', kid: `key-${alg}` };
  }),
);
const client = (id, more) => ({
  client_id: id,
  client_secret: 's e:c%r+t/with=every~thing',
  redirect_uris: [redirectUri],
  token_endpoint_auth_method: authMethod,
  ...more,
});

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      ...ALGORITHMS.map((alg) => client(alg, { id_token_signed_response_alg: alg })),
      client('public', { token_endpoint_auth_method: 'none', client_secret: undefined }),
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'hd'] },
    clientAuthMethods: [authMethod, 'none'],
    conformIdTokenClaims: place === 'userinfo',
    cookies: { keys: ['a key for cookies'] },
    enabledJWA: { idTokenSigningAlgValues: ALGORITHMS },
    features: { devInteractions: { enabled: true } },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({
        sub: id,
        name: `${id} Example`,
        email: `${id}@example.org`,
        email_verified: !id.startsWith('unverified'),
      }),
    }),
    jwks: { keys },
    pkce: { required: () => true },
  });
  server.on('request', provider.callback());
  console.log(JSON.stringify({ issuer }));
});
