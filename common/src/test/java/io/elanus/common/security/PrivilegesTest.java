package io.elanus.common.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.elanus.common.security.Privileges.Level;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PrivilegesTest {
  @Test
  void allMembersOfAGroupAreOfOneLevel() {
    for (PrivilegeGroup group : Privileges.BUILT_IN_GROUPS) {
      Set<Level> levels = EnumSet.noneOf(Level.class);
      group.privileges().forEach(name -> levels.add(Privileges.level(name).orElseThrow()));

      assertThat(levels).as(group.name()).hasSize(1);
      assertThat(group.privileges()).as(group.name()).doesNotHaveDuplicates();
    }
  }

  @Test
  void theGroupsHoldOneAnother() {
    for (String level : List.of("Cluster", "Database", "Collection")) {
      List<String> all = group(level + "Admin");

      assertThat(all).containsAll(group(level + "ReadWrite"));
      assertThat(group(level + "ReadWrite")).containsAll(group(level + "ReadOnly"));
    }
  }

  private static List<String> group(String name) {
    return Privileges.findGroup(name).orElseThrow().privileges();
  }

  @Test
  void objectTypesAreThoseOfMilvus() {
    assertThat(Privileges.objectType("Search")).isEqualTo("Collection");
    assertThat(Privileges.objectType("DescribeCollection")).isEqualTo("Global");
    assertThat(Privileges.objectType("UpdateUser")).isEqualTo("User");
    assertThat(Privileges.objectType("CollectionAdmin")).isEqualTo("Global");
    assertThat(Privileges.isOf("ReadOnly", "Collection")).isTrue();
    assertThat(Privileges.isOf("Admin", "Global")).isTrue();
  }
}
