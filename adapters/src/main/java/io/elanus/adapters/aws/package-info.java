/// What a machine at Amazon says of itself: [SpotNotice] tells when it will be taken back. No client library:
/// the metadata service speaks plain HTTP.
@NullMarked
package io.elanus.adapters.aws;

import org.jspecify.annotations.NullMarked;
