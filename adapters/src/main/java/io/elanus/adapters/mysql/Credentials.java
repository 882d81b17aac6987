package io.elanus.adapters.mysql;

/// Who connects. Asked anew for each connection, so that a password may change or run out while
/// connections made with it live on.
public interface Credentials {
  String user();

  String password();

  /// A password that stays.
  record Password(String user, String password) implements Credentials {
    @Override
    public String toString() {
      return "user " + user;
    }
  }
}
