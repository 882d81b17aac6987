package io.elanus.common.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What grants allow.
class AccessTest {
  private static final RoleId READER = new RoleId(1_000);
  private static final PasswordHash HASH = PasswordHash.decoy(1);

  private static Access granted(Grant... grants) {
    return Access.of(state(grants));
  }

  private static SecurityState state(Grant... grants) {
    return SecurityState.EMPTY
        .with(new Role(READER, "reader", ""))
        .with(new User("ann", Optional.of(HASH), "", List.of(READER)))
        .with(new User("bob", Optional.of(HASH), "", List.of()))
        .with(READER, List.of(grants));
  }

  private static Grant grant(String type, String privilege, String object, String database) {
    return new Grant(type, object, database, privilege, "root");
  }

  private static boolean may(Access access, String privilege, String database, String object) {
    return access.permits("ann", privilege, database, Optional.of(object));
  }

  private static boolean mayGlobally(Access access, String privilege, String database) {
    return access.permits("ann", privilege, database, Optional.empty());
  }

  @Test
  void a_grant_on_a_collection_is_of_that_collection_in_that_database() {
    Access access = granted(grant("Collection", "Search", "films", "default"));

    assertThat(may(access, "Search", "default", "films")).isTrue();
    assertThat(may(access, "Search", "default", "books")).isFalse();
    assertThat(may(access, "Search", "zoo", "films")).isFalse();
    assertThat(may(access, "Query", "default", "films")).isFalse();
    assertThat(may(access, "Search", "default", "*")).isFalse();
    assertThat(may(access, "Search", "default", "")).isFalse();
    assertThat(access.permits("bob", "Search", "default", Optional.of("films"))).isFalse();
    assertThat(access.permits("nobody", "Search", "default", Optional.of("films"))).isFalse();
  }

  @Test
  void a_star_is_any_collection_or_any_database() {
    Access access =
        granted(
            grant("Collection", "Search", "*", "default"), grant("Collection", "Query", "*", "*"));

    assertThat(may(access, "Search", "default", "anything")).isTrue();
    assertThat(may(access, "Search", "zoo", "anything")).isFalse();
    assertThat(may(access, "Query", "zoo", "anything")).isTrue();
  }

  @Test
  void a_group_on_a_collection_allows_on_it_and_what_has_no_collection_in_its_database() {
    Access access = granted(grant("Global", "CollectionAdmin", "films", "default"));

    assertThat(may(access, "Insert", "default", "films")).isTrue();
    assertThat(may(access, "Insert", "default", "books")).isFalse();
    assertThat(mayGlobally(access, "CreateAlias", "default")).isTrue();
    assertThat(mayGlobally(access, "CreateAlias", "zoo")).isFalse();
    assertThat(mayGlobally(access, "DropCollection", "default")).isFalse();
  }

  @Test
  void groups_of_groups_are_taken_apart_and_circles_end() {
    SecurityState state =
        state(grant("Global", "outer", "films", "default"))
            .with(new PrivilegeGroup("outer", List.of("inner", "Insert")))
            .with(new PrivilegeGroup("inner", List.of("outer", "CollectionReadOnly")));

    Access access = Access.of(state);

    assertThat(may(access, "Insert", "default", "films")).isTrue();
    assertThat(may(access, "Search", "default", "films")).isTrue();
    assertThat(may(access, "Delete", "default", "films")).isFalse();
  }

  @Test
  void all_is_everything_in_a_database_and_on_one_collection_everything_of_it() {
    Access database = granted(grant("Global", "All", "*", "zoo"));
    Access collection = granted(grant("Global", "All", "films", "default"));

    assertThat(may(database, "Search", "zoo", "films")).isTrue();
    assertThat(mayGlobally(database, "CreateOwnership", "zoo")).isTrue();
    assertThat(mayGlobally(database, "CreateCollection", "default")).isFalse();
    assertThat(may(collection, "Insert", "default", "films")).isTrue();
    assertThat(may(collection, "Insert", "default", "books")).isFalse();
    assertThat(mayGlobally(collection, "DropCollection", "default")).isFalse();
  }

  @Test
  void a_star_privilege_is_all_of_its_object_type() {
    Access access =
        granted(grant("Collection", "*", "films", "default"), grant("User", "*", "*", "default"));

    assertThat(may(access, "Load", "default", "films")).isTrue();
    assertThat(may(access, "Load", "default", "books")).isFalse();
    assertThat(may(access, "SelectUser", "default", "bob")).isTrue();
    assertThat(mayGlobally(access, "CreateCollection", "default")).isFalse();
  }

  @Test
  void who_may_load_may_see_how_far_it_is() {
    Access access = granted(grant("Collection", "Load", "films", "default"));

    assertThat(may(access, "GetLoadState", "default", "films")).isTrue();
    assertThat(may(access, "GetLoadState", "default", "books")).isFalse();
  }

  @Test
  void everybody_has_what_public_has_until_it_is_taken() {
    assertThat(mayGlobally(granted(), "DescribeCollection", "zoo")).isTrue();
    assertThat(may(granted(), "IndexDetail", "zoo", "films")).isTrue();

    Access taken = Access.of(state().with(Role.PUBLIC.id(), List.of()));

    assertThat(mayGlobally(taken, "DescribeCollection", "zoo")).isFalse();
  }

  @Test
  void root_and_admins_may_everything() {
    SecurityState state =
        state().with(new User("carl", Optional.of(HASH), "", List.of(Role.ADMIN.id())));
    Access access = Access.of(state);

    assertThat(access.permits("root", "RestoreRBAC", "zoo", Optional.empty())).isTrue();
    assertThat(access.permits("carl", "RestoreRBAC", "zoo", Optional.empty())).isTrue();
    assertThat(access.isAdmin("ann")).isFalse();
  }

  @Test
  void a_role_that_is_gone_allows_nothing_and_a_new_one_of_its_name_is_another() {
    SecurityState state = state(grant("Collection", "Search", "*", "*")).withoutRole(READER);
    Access gone = Access.of(state);
    RoleId other = new RoleId(1_001);
    Access again =
        Access.of(
            state
                .with(new Role(other, "reader", ""))
                .with(other, List.of(grant("Collection", "Search", "*", "*"))));

    assertThat(may(gone, "Search", "default", "films")).isFalse();
    assertThat(may(again, "Search", "default", "films")).isFalse();
  }

  @Test
  void one_sees_what_one_has_something_to_do_with() {
    Access access =
        granted(
            grant("Collection", "Search", "films", "default"),
            grant("Global", "CreateCollection", "*", "zoo"));

    assertThat(access.sees("ann", "default", "films")).isTrue();
    assertThat(access.sees("ann", "default", "books")).isFalse();
    assertThat(access.sees("ann", "default")).isTrue();
    assertThat(access.sees("ann", "zoo")).isTrue();
    assertThat(access.sees("ann", "zoo", "films")).isFalse();
    assertThat(access.sees("ann", "aviary")).isFalse();
    assertThat(access.sees("bob", "default")).isFalse();
    assertThat(access.sees("root", "aviary", "birds")).isTrue();
  }
}
