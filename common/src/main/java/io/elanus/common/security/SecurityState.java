package io.elanus.common.security;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Users, roles, grants and groups at one instant. What every cluster has is there without being stored:
/// root with its default password, the roles `admin` and `public`, and what `public` may do.
public final class SecurityState {
  public static final SecurityState EMPTY =
      new SecurityState(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

  // only what is stored
  private final SortedMap<String, User> users;
  private final SortedMap<Long, Role> roles;
  private final SortedMap<Long, List<Grant>> grants;
  private final SortedMap<String, PrivilegeGroup> groups;

  private SecurityState(
      SortedMap<String, User> users,
      SortedMap<Long, Role> roles,
      SortedMap<Long, List<Grant>> grants,
      SortedMap<String, PrivilegeGroup> groups) {
    this.users = users;
    this.roles = roles;
    this.grants = grants;
    this.groups = groups;
  }

  public SecurityState with(User user) {
    return new SecurityState(put(users, user.name(), user), roles, grants, groups);
  }

  public SecurityState withoutUser(String name) {
    return new SecurityState(remove(users, name), roles, grants, groups);
  }

  public SecurityState with(Role role) {
    return new SecurityState(users, put(roles, role.id().value(), role), grants, groups);
  }

  public SecurityState withoutRole(RoleId role) {
    return new SecurityState(users, remove(roles, role.value()), grants, groups);
  }

  public SecurityState with(RoleId role, List<Grant> newGrants) {
    List<Grant> copy = List.copyOf(newGrants);
    return new SecurityState(users, roles, put(grants, role.value(), copy), groups);
  }

  public SecurityState withoutGrants(RoleId role) {
    return new SecurityState(users, roles, remove(grants, role.value()), groups);
  }

  public SecurityState with(PrivilegeGroup group) {
    return new SecurityState(users, roles, grants, put(groups, group.name(), group));
  }

  public SecurityState withoutGroup(String name) {
    return new SecurityState(users, roles, grants, remove(groups, name));
  }

  private static <K, V> SortedMap<K, V> put(SortedMap<K, V> map, K key, V value) {
    TreeMap<K, V> copy = new TreeMap<>(map);
    copy.put(key, value);
    return copy;
  }

  private static <K, V> SortedMap<K, V> remove(SortedMap<K, V> map, K key) {
    TreeMap<K, V> copy = new TreeMap<>(map);
    copy.remove(key);
    return copy;
  }

  public Optional<User> findUser(String name) {
    return Optional.ofNullable(users.get(name))
        .or(() -> name.equals(User.ROOT) ? Optional.of(User.root()) : Optional.empty());
  }

  /// By name; root among them.
  public List<User> users() {
    TreeMap<String, User> all = new TreeMap<>(users);
    all.putIfAbsent(User.ROOT, User.root());
    return List.copyOf(all.values());
  }

  public Optional<Role> findRole(String name) {
    return roles().stream().filter(role -> role.name().equals(name)).findFirst();
  }

  /// Those of every cluster first.
  public List<Role> roles() {
    List<Role> all = new ArrayList<>(Role.BUILT_IN);
    all.addAll(roles.values());
    return all;
  }

  /// As they were given to the user; `public` only if it was.
  public List<Role> rolesOf(User user) {
    return roles().stream().filter(role -> user.roles().contains(role.id())).toList();
  }

  public List<User> usersOf(Role role) {
    return users().stream().filter(user -> user.roles().contains(role.id())).toList();
  }

  public List<Grant> grantsOf(Role role) {
    List<Grant> initial = role.equals(Role.PUBLIC) ? Privileges.OF_PUBLIC : List.of();
    return grants.getOrDefault(role.id().value(), initial);
  }

  public Optional<PrivilegeGroup> findGroup(String name) {
    return Optional.ofNullable(groups.get(name));
  }

  /// Those that were made, by name.
  public List<PrivilegeGroup> groups() {
    return List.copyOf(groups.values());
  }

  // what is stored

  public List<User> storedUsers() {
    return List.copyOf(users.values());
  }

  public List<Role> storedRoles() {
    return List.copyOf(roles.values());
  }

  public Map<Long, List<Grant>> storedGrants() {
    return Collections.unmodifiableMap(grants);
  }
}
