package io.elanus.rpc.call;

/// Knows who may do what.
public interface Authorizer {
  /// Allows everything: authorization is off.
  Authorizer ALLOW_ALL = (call, required) -> true;

  /// Whether the user of `call` may do what it needs. Roles, grants, the root user and what users
  /// may always do with themselves are its matter. It must hold in all databases of the call
  /// ([Call#databases]).
  boolean permits(Call call, RequiredPrivilege required);
}
