package io.elanus.conformance;

/// The Node SDK's suite against a server with authorization on; it has cases of its own for that.
@WithAuthorization
class SecuredNodeSdkTest extends NodeSdkTest {}
