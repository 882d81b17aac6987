package io.elanus.rootcoord.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.elanus.common.error.DbException;
import io.elanus.common.meta.Decision;
import io.elanus.common.meta.MetaStore.Change;
import io.elanus.common.meta.MetaStore.MetaEntry;
import io.elanus.common.security.Grant;
import io.elanus.common.security.PasswordHash;
import io.elanus.common.security.PrivilegeGroup;
import io.elanus.common.security.Role;
import io.elanus.common.security.RoleId;
import io.elanus.common.security.SecurityState;
import io.elanus.common.security.User;
import io.elanus.rootcoord.security.SecurityCommand.AddToGroup;
import io.elanus.rootcoord.security.SecurityCommand.AddToRole;
import io.elanus.rootcoord.security.SecurityCommand.Allow;
import io.elanus.rootcoord.security.SecurityCommand.AlterRole;
import io.elanus.rootcoord.security.SecurityCommand.BackedUser;
import io.elanus.rootcoord.security.SecurityCommand.Backup;
import io.elanus.rootcoord.security.SecurityCommand.CheckRestore;
import io.elanus.rootcoord.security.SecurityCommand.CreateGroup;
import io.elanus.rootcoord.security.SecurityCommand.CreateRole;
import io.elanus.rootcoord.security.SecurityCommand.CreateUser;
import io.elanus.rootcoord.security.SecurityCommand.DropGroup;
import io.elanus.rootcoord.security.SecurityCommand.DropRole;
import io.elanus.rootcoord.security.SecurityCommand.DropUser;
import io.elanus.rootcoord.security.SecurityCommand.RemoveFromGroup;
import io.elanus.rootcoord.security.SecurityCommand.RemoveFromRole;
import io.elanus.rootcoord.security.SecurityCommand.Restore;
import io.elanus.rootcoord.security.SecurityCommand.Revoke;
import io.elanus.rootcoord.security.SecurityCommand.UpdateUser;
import io.elanus.rpc.codec.SecurityCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What users may be, and in which words they are refused.
class SecurityRulesTest {
  private static final PasswordHash HASH = PasswordHash.of("secret", 1);
  private static final PasswordHash OTHER = PasswordHash.of("other", 1);
  private static final String NO_ROLE =
      "1100 not found the role, maybe the role isn't existed or internal system error: invalid parameter";

  private SecurityRules rules = new SecurityRules(SecurityLimits.DEFAULT);
  private SecurityState state = SecurityState.EMPTY;
  private final Map<String, MetaEntry> stored = new TreeMap<>();
  private long nextId = 1_000;

  private int change(SecurityCommand command) {
    Decision<SecurityChange, ?> decision = rules.decide(state, command);
    state = rules.apply(state, decision.changes());
    for (SecurityChange change : decision.changes()) {
      switch (rules.write(change)) {
        case Change.Put(String key, byte[] value) -> stored.put(key, new MetaEntry(key, value, 1));
        case Change.Remove(String key) -> stored.remove(key);
        case Change.PutLeased _ -> throw new AssertionError();
      }
    }
    return decision.changes().size();
  }

  private String refusal(SecurityCommand command) {
    DbException e = catchThrowableOfType(DbException.class, () -> change(command));
    return e.code().number() + " " + e.text();
  }

  private CreateUser user(String name) {
    return new CreateUser(name, HASH, "");
  }

  private CreateRole role(String name) {
    return new CreateRole(new RoleId(nextId++), name, "");
  }

  private static Grant v1(String type, String privilege, String object) {
    return new Grant(type, object, "default", privilege, "root");
  }

  private static Allow v2(String role, String privilege, String database, String object) {
    return new Allow(role, new Grant("", object, database, privilege, "root"), true);
  }

  private List<String> users() {
    return state.users().stream().map(User::name).toList();
  }

  private List<Role> rolesOf(String user) {
    return state.rolesOf(state.findUser(user).orElseThrow());
  }

  private List<Grant> grantsOf(String role) {
    return state.grantsOf(state.findRole(role).orElseThrow());
  }

  /// A restart reads the same.
  private void assertStored() {
    SecurityState read = SecurityCodec.state(new ArrayList<>(stored.values()));
    assertThat(read.storedUsers()).isEqualTo(state.storedUsers());
    assertThat(read.storedRoles()).isEqualTo(state.storedRoles());
    assertThat(read.storedGrants()).isEqualTo(state.storedGrants());
    assertThat(read.groups()).isEqualTo(state.groups());
  }

  @Test
  void aClusterHasRootAdminAndPublicWithoutStoringThem() {
    assertThat(users()).containsExactly("root");
    assertThat(rolesOf("root")).containsExactly(Role.ADMIN);
    assertThat(state.roles()).containsExactly(Role.ADMIN, Role.PUBLIC);
    assertThat(grantsOf("public"))
        .extracting(Grant::privilege)
        .containsExactly("DescribeCollection", "ListAliases", "IndexDetail");
  }

  @Test
  void usersComeAndGo() {
    change(user("ann"));
    assertThat(users()).containsExactly("ann", "root");
    assertThat(refusal(user("ann"))).isEqualTo("1100 user already exists: ann: invalid parameter");
    assertThat(refusal(user("root")))
        .isEqualTo("1100 user already exists: root: invalid parameter");
    assertStored();

    assertThat(change(new DropUser("ann"))).isEqualTo(1);
    assertThat(change(new DropUser("ann"))).isZero();
    assertThat(refusal(new DropUser("root")))
        .isEqualTo("1401 root user cannot be deleted: privilege not permitted");
    assertStored();
  }

  @Test
  void thereAreNotMoreUsersAndRolesThanTheLimit() {
    rules = new SecurityRules(SecurityLimits.DEFAULT.with(2, 3));
    change(user("ann"));
    change(role("reader"));

    assertThat(refusal(user("bob")))
        .isEqualTo(
            "9 quota exceeded[reason=unable to add user because the number of users has reached the limit]");
    assertThat(refusal(role("writer")))
        .isEqualTo(
            "9 quota exceeded[reason=unable to create role because the number of roles has reached the limit]");
  }

  @Test
  void aPasswordChangesOnlyFromTheOneItWasCheckedAgainst() {
    change(user("ann"));
    UpdateUser update =
        new UpdateUser("ann", Optional.of(HASH), Optional.of(OTHER), Optional.empty());

    change(update);

    assertThat(state.findUser("ann").orElseThrow().password()).contains(OTHER);
    assertThat(refusal(update))
        .isEqualTo("1400 old password not correct for ann: not authenticated");
    assertThat(
            refusal(new UpdateUser("zoe", Optional.of(HASH), Optional.of(OTHER), Optional.empty())))
        .isEqualTo("1400 old password not correct for zoe: not authenticated");
  }

  @Test
  void rootsFirstPasswordIsStoredWhenItChanges() {
    change(new UpdateUser("root", Optional.empty(), Optional.of(OTHER), Optional.of("me")));

    User root = state.findUser("root").orElseThrow();
    assertThat(root.password()).contains(OTHER);
    assertThat(root.description()).isEqualTo("me");
    assertThat(rolesOf("root")).containsExactly(Role.ADMIN);
    assertStored();
  }

  @Test
  void rolesComeAndGo() {
    change(role("reader"));
    assertThat(refusal(role("reader")))
        .isEqualTo("1100 role [name:\"reader\"] already exists: invalid parameter");
    assertThat(refusal(role("admin")))
        .isEqualTo("1100 role [name:\"admin\"] already exists: invalid parameter");
    assertThat(refusal(new DropRole("writer", false))).isEqualTo(NO_ROLE);
    assertThat(refusal(new DropRole("admin", true)))
        .isEqualTo(
            "1401 the role[admin] is a default role, which can't be dropped: privilege not permitted");
    change(new AlterRole("reader", "reads"));
    assertThat(state.findRole("reader").orElseThrow().description()).isEqualTo("reads");
    assertThat(refusal(new AlterRole("public", "x")))
        .isEqualTo(
            "1401 the role[public] is a builtin role, which can't be altered: privilege not permitted");
    assertStored();
  }

  @Test
  void aRoleWithGrantsIsDroppedByForceOnly() {
    change(role("reader"));
    change(new Allow("reader", v1("Collection", "Search", "films"), false));

    assertThat(refusal(new DropRole("reader", false)))
        .isEqualTo(
            "1100 fail to drop the role that it has privileges."
                + " Use REVOKE API to revoke privileges: invalid parameter");
    change(new DropRole("reader", true));

    assertThat(state.findRole("reader")).isEmpty();
    assertThat(state.storedGrants()).isEmpty();
    assertStored();
  }

  @Test
  void givingAndTakingARoleTwiceIsSuccess() {
    change(user("ann"));
    change(role("reader"));

    assertThat(change(new AddToRole("ann", "reader"))).isEqualTo(1);
    assertThat(change(new AddToRole("ann", "reader"))).isZero();
    assertThat(rolesOf("ann")).extracting(Role::name).containsExactly("reader");
    assertThat(change(new RemoveFromRole("ann", "reader"))).isEqualTo(1);
    assertThat(change(new RemoveFromRole("ann", "reader"))).isZero();
    assertThat(change(new RemoveFromRole("nobody", "reader"))).isZero();
    assertThat(refusal(new AddToRole("nobody", "reader")))
        .isEqualTo(
            "1100 not found the user, maybe the user isn't existed or internal system error: invalid parameter");
    assertThat(refusal(new AddToRole("ann", "writer"))).isEqualTo(NO_ROLE);
    assertThat(refusal(new RemoveFromRole("ann", "writer"))).isEqualTo(NO_ROLE);
  }

  @Test
  void rootCanLoseAndRegainItsRole() {
    change(new RemoveFromRole("root", "admin"));
    assertThat(rolesOf("root")).isEmpty();
    change(new AddToRole("root", "admin"));
    assertThat(rolesOf("root")).containsExactly(Role.ADMIN);
    assertThat(state.findUser("root").orElseThrow().password()).isEmpty();
    assertStored();
  }

  @Test
  void aRoleMadeAnewHasNoneOfItsFormerUsers() {
    change(user("ann"));
    change(role("reader"));
    change(new AddToRole("ann", "reader"));
    change(new DropRole("reader", false));
    change(role("reader"));

    assertThat(rolesOf("ann")).isEmpty();
    change(new AddToRole("ann", "public"));
    assertThat(state.findUser("ann").orElseThrow().roles()).containsExactly(Role.PUBLIC.id());
  }

  @Test
  void grantingAndRevokingTwiceIsSuccess() {
    change(role("reader"));
    Grant search = v1("Collection", "Search", "films");

    assertThat(change(new Allow("reader", search, false))).isEqualTo(1);
    assertThat(change(new Allow("reader", search, false))).isZero();
    assertThat(change(v2("reader", "Search", "default", "films"))).isZero();
    assertThat(grantsOf("reader")).containsExactly(search);
    assertThat(change(new Revoke("reader", search, false))).isEqualTo(1);
    assertThat(change(new Revoke("reader", search, false))).isZero();
    assertThat(grantsOf("reader")).isEmpty();
    assertStored();
  }

  @Test
  void whatPublicHasCanBeTakenAndGivenBack() {
    Grant describe = new Grant("Global", "*", "*", "DescribeCollection", "root");

    change(new Revoke("public", describe, false));
    assertThat(grantsOf("public")).hasSize(2).doesNotContain(describe);
    change(new Allow("public", describe, false));
    assertThat(grantsOf("public")).hasSize(3).contains(describe);
    assertStored();
  }

  @Test
  void theFirstApiGrantsByObjectType() {
    change(role("reader"));
    change(new CreateGroup("mine"));

    change(new Allow("reader", v1("Global", "CreateCollection", "films"), false));
    assertThat(grantsOf("reader")).containsExactly(v1("Global", "CreateCollection", "*"));
    assertThat(refusal(new Allow("reader", v1("Global", "Search", "*"), false)))
        .isEqualTo(
            "1100 not found the privilege name[Search] in object[Global]: invalid parameter");
    assertThat(refusal(new Allow("reader", v1("Table", "Search", "*"), false)))
        .isEqualTo("1100 the object entity in the request is nil or invalid: invalid parameter");
    assertThat(refusal(new Allow("reader", v1("Global", "mine", "*"), false)))
        .isEqualTo("1100 can not operate the custom privilege group [mine]: invalid parameter");
    assertThat(refusal(new Allow("reader", v1("Global", "ClusterAdmin", "*"), false)))
        .isEqualTo(
            "1100 can not operate the built-in privilege group [ClusterAdmin]: invalid parameter");
    assertThat(refusal(new Allow("writer", v1("Global", "All", "*"), false))).isEqualTo(NO_ROLE);
    change(new Allow("reader", v1("Collection", "*", "films"), false));
    change(new Allow("reader", v1("User", "SelectUser", "ann"), false));
  }

  @Test
  void theSecondApiGrantsByLevel() {
    change(role("reader"));
    change(new CreateGroup("mine"));
    change(new AddToGroup("mine", List.of("ListDatabases")));

    change(v2("reader", "CollectionAdmin", "default", "films"));
    assertThat(grantsOf("reader").getFirst().objectType()).isEqualTo("Global");
    change(v2("reader", "CollectionAdmin", "*", "*"));
    change(v2("reader", "DatabaseAdmin", "default", "*"));
    change(v2("reader", "ClusterAdmin", "*", "*"));
    change(v2("reader", "mine", "*", "*"));
    change(v2("reader", "Insert", "*", "films"));
    assertThat(refusal(v2("reader", "nothing", "*", "*")))
        .isEqualTo("1100 not found the privilege name[nothing]: invalid parameter");
    assertThat(refusal(v2("reader", "mine", "default", "*")))
        .isEqualTo(
            "1100 dbName and collectionName should be * for the cluster level privilege: mine: invalid parameter");
    assertThat(refusal(v2("reader", "DatabaseReadOnly", "default", "films")))
        .isEqualTo(
            "1100 collectionName should be * for the database level privilege: DatabaseReadOnly: invalid parameter");
    assertThat(refusal(v2("reader", "CollectionReadOnly", "*", "films")))
        .isEqualTo(
            "1100 please specify database name for the collection level privilege:"
                + " CollectionReadOnly: invalid parameter");
  }

  @Test
  void theGrantsOfARoleHaveALimit() {
    rules = new SecurityRules(new SecurityLimits(10, 10, 10, 200));
    change(role("reader"));
    change(new Allow("reader", v1("Collection", "Search", "a"), false));

    assertThat(refusal(new Allow("reader", v1("Collection", "Search", "b".repeat(200)), false)))
        .isEqualTo("9 quota exceeded[reason=the grants of role reader take more than 200 bytes]");
  }

  @Test
  void groupsComeAndGo() {
    change(new CreateGroup("mine"));

    assertThat(refusal(new CreateGroup("mine")))
        .isEqualTo("1100 privilege group name [mine] is defined by users: invalid parameter");
    for (String taken : List.of("Search", "ClusterAdmin")) {
      assertThat(refusal(new CreateGroup(taken)))
          .isEqualTo(
              "1100 privilege group name [%s] is defined by built in privileges or privilege groups in system: invalid parameter"
                  .formatted(taken));
    }
    change(role("reader"));
    change(v2("reader", "mine", "default", "films"));
    assertThat(refusal(new DropGroup("mine")))
        .isEqualTo(
            "1100 privilege group [mine] is used by role [reader],"
                + " Use REVOKE API to revoke it first: invalid parameter");
    Grant granted = grantsOf("reader").getFirst();
    change(new Revoke("reader", granted, true));
    assertThat(change(new DropGroup("mine"))).isEqualTo(1);
    assertThat(change(new DropGroup("mine"))).isZero();
    assertStored();
  }

  @Test
  void membersOfAGroupAreKnownAndOfOneLevel() {
    change(new CreateGroup("mine"));
    change(new CreateGroup("inner"));
    change(new AddToGroup("inner", List.of("Query")));

    change(new AddToGroup("mine", List.of("Insert", "Search", "Insert")));
    change(new AddToGroup("mine", List.of("CollectionReadOnly", "inner")));
    assertThat(state.findGroup("mine").orElseThrow().privileges())
        .containsExactly("Insert", "Search", "CollectionReadOnly", "inner");
    assertThat(refusal(new AddToGroup("mine", List.of("CreateCollection"))))
        .isEqualTo("1100 privileges are not the same privilege level: invalid parameter");
    assertThat(refusal(new AddToGroup("mine", List.of("Fly"))))
        .isEqualTo(
            "1100 there is no privilege name or privilege group name [Fly] defined in system to operate: invalid parameter");
    assertThat(refusal(new AddToGroup("other", List.of("Search"))))
        .isEqualTo(
            "1100 there is no privilege group name [other] defined in system to operate: invalid parameter");
    assertThat(refusal(new RemoveFromGroup("mine", List.of())))
        .isEqualTo("1100 privileges is empty when alter the privilege group: invalid parameter");
    change(new RemoveFromGroup("mine", List.of("Insert", "inner")));
    assertThat(state.findGroup("mine").orElseThrow().privileges())
        .containsExactly("Search", "CollectionReadOnly");
    assertStored();
  }

  @Test
  void aBackupIsRestoredWhereNothingOfItIs() {
    Backup backup = backup();

    assertThat(change(new CheckRestore(backup))).isZero();
    change(new Restore(backup));

    assertThat(rolesOf("ann")).extracting(Role::name).containsExactly("admin", "reader");
    assertThat(grantsOf("reader")).hasSize(1);
    assertThat(refusal(new CheckRestore(backup)))
        .isEqualTo("1100 privilege group [mine] already exists: invalid parameter");
    assertStored();
  }

  @Test
  void aBackupThatDoesNotFitIsRefusedBeforeAnythingIsRestored() {
    assertThat(refusal(new CheckRestore(new Backup(List.of(), List.of(), List.of(), List.of()))))
        .isEqualTo("1100 restore request is empty: invalid parameter");
    change(role("reader"));
    Backup full = backup();
    assertThat(refusal(new CheckRestore(full)))
        .isEqualTo("1100 role [reader] already exists: invalid parameter");
    Backup unknown =
        new Backup(
            List.of(new BackedUser("ann", HASH, List.of("writer"))),
            List.of(),
            List.of(),
            List.of());
    assertThat(refusal(new CheckRestore(unknown)))
        .isEqualTo("1100 role [writer] does not exist: invalid parameter");
    assertThat(users()).containsExactly("root");
  }

  private Backup backup() {
    return new Backup(
        List.of(new BackedUser("ann", HASH, List.of("reader", "admin"))),
        List.of(role("reader")),
        List.of(new Allow("reader", new Grant("Global", "*", "*", "mine", "root"), false)),
        List.of(new PrivilegeGroup("mine", List.of("Search"))));
  }
}
