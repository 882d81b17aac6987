package io.elanus.proxy.schema;

import io.elanus.proxy.Invalid;
import java.nio.charset.StandardCharsets;

/// Which names and passwords users, roles and privilege groups may have, in the words of Milvus.
public final class SecurityNames {
  private static final int MAX_USER_BYTES = 32;
  private static final int MIN_PASSWORD_BYTES = 6;
  private static final int MAX_PASSWORD_BYTES = 72;
  private static final String ANY = "*";

  private SecurityNames() {}

  public static void checkUser(String name) {
    if (name.isBlank()) {
      throw Invalid.parameter("username must be not empty");
    }
    int bytes = bytes(name);
    if (bytes > MAX_USER_BYTES) {
      throw Invalid.parameter(
          "invalid username %s with length %d, the length of username must be less than %d",
          name, bytes, MAX_USER_BYTES);
    }
    if (!isLetter(name.charAt(0))) {
      throw Invalid.parameter(
          "invalid user name %s, the first character must be a letter, but got %s",
          name, name.charAt(0));
    }
    for (char c : name.substring(1).toCharArray()) {
      if (!isWord(c) && c != '.' && c != '-') {
        throw Invalid.parameter(
            "invalid user name %s, username must contain only numbers, letters, underscores, dots,"
                + " and hyphens, but got %s",
            name, c);
      }
    }
  }

  public static void checkPassword(String password) {
    int bytes = bytes(password);
    if (bytes < MIN_PASSWORD_BYTES || bytes > MAX_PASSWORD_BYTES) {
      throw Invalid.range(MIN_PASSWORD_BYTES, MAX_PASSWORD_BYTES, bytes, "invalid password length");
    }
  }

  public static void checkRole(String name) {
    check(name, "role name");
  }

  public static void checkObjectType(String name) {
    check(name, "ObjectType");
  }

  public static void checkObject(String name) {
    if (!name.equals(ANY)) {
      check(name, "object name");
    }
  }

  public static void checkCollection(String name) {
    if (!name.equals(ANY)) {
      check(name, "collection name");
    }
  }

  public static void checkPrivilege(String name) {
    if (!name.equals(ANY)) {
      check(name, "Privilege");
    }
  }

  /// `*`, or as databases are named.
  public static void checkDatabase(String name) {
    if (!name.equals(ANY)) {
      Names.checkDatabase(name);
    }
  }

  /// As Milvus checks names that have no rule of their own.
  static void check(String name, String what) {
    if (name.isBlank()) {
      throw Invalid.mismatch("not empty", name, what + " should be not empty");
    }
    int bytes = bytes(name);
    if (bytes > Names.MAX_BYTES) {
      throw Invalid.range(
          0,
          Names.MAX_BYTES,
          bytes,
          "the length of %s must be not greater than limit".formatted(what));
    }
    char first = name.charAt(0);
    if (first != '_' && !isLetter(first)) {
      throw Invalid.mismatch(
          (int) '_',
          (int) first,
          "the first character of %s must be an underscore or letter".formatted(what));
    }
    for (int i = 1; i < name.length(); i++) {
      if (!isWord(name.charAt(i)) && name.charAt(i) != '$') {
        throw Invalid.parameter(
            "%s can only contain numbers, letters, dollars and underscores, found %c at %d",
            what, name.charAt(i), i);
      }
    }
  }

  public static void checkPrivilegeGroup(String name) {
    if (name.isBlank()) {
      throw Invalid.parameter("privilege group name couldn't be empty");
    }
    if (bytes(name) > Names.MAX_BYTES) {
      throw Invalid.parameter(
          "the length of a privilege group name %s must be less than %d characters",
          name, Names.MAX_BYTES);
    }
    if (name.charAt(0) != '_' && !isLetter(name.charAt(0))) {
      throw Invalid.parameter(
          "the first character of a privilege group name %s must be an underscore or letter", name);
    }
    if (!name.chars().allMatch(c -> isWord((char) c))) {
      throw Invalid.parameter(
          "privilege group name %s can only contain numbers, letters and underscores", name);
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static boolean isWord(char c) {
    return c == '_' || isLetter(c) || c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }
}
