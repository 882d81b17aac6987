package io.elanus.conformance;

/// The Java SDK's suite against a server with authorization on.
@WithAuthorization
class SecuredJavaSdkTest extends JavaSdkTest {
  SecuredJavaSdkTest(ElanusServer server) {
    super(server);
  }
}
