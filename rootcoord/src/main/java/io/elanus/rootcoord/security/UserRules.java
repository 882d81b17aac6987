package io.elanus.rootcoord.security;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.security.SecurityState;
import io.elanus.common.security.User;
import io.elanus.rootcoord.security.SecurityCommand.CreateUser;
import io.elanus.rootcoord.security.SecurityCommand.DropUser;
import io.elanus.rootcoord.security.SecurityCommand.UpdateUser;
import java.util.List;
import java.util.Optional;

/// Users and their passwords.
final class UserRules {
  private UserRules() {}

  static List<SecurityChange> create(
      SecurityState state, CreateUser command, SecurityLimits limits) {
    if (state.findUser(command.name()).isPresent()) {
      throw Refused.parameter("user already exists: %s", command.name());
    }
    if (state.users().size() >= limits.maxUsers()) {
      throw Refused.quota("unable to add user because the number of users has reached the limit");
    }
    return List.of(
        new SecurityChange.PutUser(
            new User(
                command.name(),
                Optional.of(command.password()),
                command.description(),
                List.of())));
  }

  static List<SecurityChange> update(SecurityState state, UpdateUser command) {
    User user =
        state
            .findUser(command.name())
            .filter(found -> found.password().equals(command.former()))
            .orElseThrow(() -> wrongPassword(command.name()));
    User updated = command.password().map(user::with).orElse(user);
    return List.of(
        new SecurityChange.PutUser(
            command.description().map(updated::withDescription).orElse(updated)));
  }

  /// For a user that is not there, too: who may update whom says nothing about who is there.
  private static DbException wrongPassword(String user) {
    return ErrorCode.NOT_AUTHENTICATED.because(
        "old password not correct for %s: %s", user, ErrorCode.NOT_AUTHENTICATED.text());
  }

  static List<SecurityChange> drop(SecurityState state, DropUser command) {
    if (command.name().equals(User.ROOT)) {
      throw Refused.denied("root user cannot be deleted");
    }
    return state.findUser(command.name()).isPresent()
        ? List.of(new SecurityChange.RemoveUser(command.name()))
        : List.of();
  }
}
