/// The public API, one class per topic; a method per call, named as the call. Errors are thrown as `DbException` and become statuses where the services are bound.
@NullMarked
package io.elanus.proxy.service;

import org.jspecify.annotations.NullMarked;
