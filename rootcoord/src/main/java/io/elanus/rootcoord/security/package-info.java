/// Rootcoord's part of security: it decides and stores, proxies enforce.
///
/// [SecurityRules] decide what a [SecurityCommand] changes, purely, by subject: [UserRules], [RoleRules],
/// [GrantRules], [GroupRules], [RestoreRules]. [SecurityTerm] commits and applies it while rootcoord leads.
@NullMarked
package io.elanus.rootcoord.security;

import org.jspecify.annotations.NullMarked;
