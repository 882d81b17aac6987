// Users, roles and grants as the Node SDK sees them, against a server with authorization on: MILVUS_TOKEN is root's.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { randomUUID } from 'node:crypto';
import { DataType, MilvusClient } from '@zilliz/milvus2-sdk-node';

const address = process.env.MILVUS_ADDRESS ?? 'localhost:19530';
const token = process.env.MILVUS_TOKEN ?? '';
const unique = (prefix) => `${prefix}_${randomUUID().replaceAll('-', '').slice(0, 8)}`;

const ok = (answer) => {
  assert.equal((answer.status ?? answer).error_code, 'Success', JSON.stringify(answer.status ?? answer));
  return answer;
};

const fails = (answer, code, text) => {
  const status = answer.status ?? answer;
  assert.equal(status.error_code, code, JSON.stringify(status));
  assert.ok(status.reason.includes(text), status.reason);
};

if (token) {
  describe('with authorization on', () => {
    const root = new MilvusClient({ address, token });
    const user = unique('u');
    const role = unique('r');
    const name = unique('c');
    let ann;

    before(async () => {
      await root.connectPromise;
      ok(
        await root.createCollection({
          collection_name: name,
          fields: [
            { name: 'id', data_type: DataType.Int64, is_primary_key: true },
            { name: 'vector', data_type: DataType.FloatVector, dim: 2 },
          ],
        })
      );
      ok(await root.createUser({ username: user, password: 'secret-1' }));
      ok(await root.createRole({ roleName: role }));
      ok(await root.addUserToRole({ username: user, roleName: role }));
      ann = new MilvusClient({ address, username: user, password: 'secret-1' });
      await ann.connectPromise;
    });

    after(async () => {
      await root.dropCollection({ collection_name: name });
      await root.deleteUser({ username: user });
      await root.dropRole({ roleName: role, force_drop: true });
      await Promise.all([root, ann].map((client) => client.closeConnection()));
    });

    test('a wrong password is refused', async () => {
      const stranger = new MilvusClient({ address, username: user, password: 'guess-1' });
      await assert.rejects(async () => {
        await stranger.connectPromise;
        await stranger.showCollections();
      }, /auth check failure|UNAUTHENTICATED/);
      await stranger.closeConnection().catch(() => {});
    });

    test('users and roles are listed', async () => {
      assert.ok(ok(await root.listUsers()).usernames.includes(user));
      assert.ok(ok(await root.listRoles()).results.some((result) => result.role.name === role));
      const described = ok(await root.describeUser({ username: user, includeRoleInfo: true }));
      assert.deepEqual(described.results[0].roles.map((given) => given.name), [role]);
      assert.equal(ok(await root.hasRole({ roleName: role })).hasRole, true);
    });

    test('refusals have the codes of Milvus', async () => {
      fails(await root.createUser({ username: user, password: 'secret-1' }), 'CreateCredentialFailure', 'user already exists');
      fails(await root.createRole({ roleName: role }), 'CreateRoleFailure', 'already exists');
      fails(await root.dropRole({ roleName: unique('r') }), 'DropRoleFailure', 'not found the role');
    });

    test('a grant counts at once, and so does its end', async () => {
      const insert = () => ann.insert({ collection_name: name, data: [{ id: 1, vector: [1, 2] }] });
      await assert.rejects(insert, /permission deny/);
      ok(await root.grantPrivilegeV2({ role, privilege: 'Insert', db_name: 'default', collection_name: name }));
      ok(await insert());
      const grants = ok(await root.listGrants({ roleName: role })).entities;
      assert.deepEqual(grants.map((grant) => grant.grantor.privilege.name), ['Insert']);
      ok(await root.revokePrivilegeV2({ role, privilege: 'Insert', db_name: 'default', collection_name: name }));
      await assert.rejects(insert, /permission deny/);
    });

    test('what is backed up cannot be restored over itself', async () => {
      const backup = ok(await root.backupRBAC()).RBAC_meta;
      assert.ok(backup.users.some((info) => info.user === user));
      fails(await root.restoreRBAC({ RBAC_meta: backup }), 'OperatePrivilegeFailure', 'already exists');
    });
  });
}
