/// Who calls, and what they may do: enforced here, from a copy of what rootcoord decided that follows the
/// metastore ([SecurityCopy]), so that no coordinator is asked. [Logins] knows users by their passwords,
/// [RoleAuthorizer] what their roles allow, [Visibility] what lists show them.
@NullMarked
package io.elanus.proxy.security;

import org.jspecify.annotations.NullMarked;
