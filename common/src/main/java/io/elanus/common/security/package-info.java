/// Who may do what: users, roles, what roles are granted, privilege groups.
///
/// [SecurityState] is all of it at one instant, as rootcoord decides it and as proxies watch it; [Access]
/// answers from it whether a user may do something; [Privileges] is the table of what there is to be granted.
/// Passwords are kept as a [PasswordHash].
@NullMarked
package io.elanus.common.security;

import org.jspecify.annotations.NullMarked;
