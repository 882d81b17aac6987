/// The bucket on S3 and on stores that speak its protocol.
///
/// [S3ObjectStore] is the port. Every request of it is one of [S3Calls]: a bounded number at once, tried
/// again when the failure may pass, out of one [RetryBudget] per process. [S3Upload] and [S3Download] cut
/// large objects into parts. [S3SelfTest] finds out at the start what a bucket does not permit or does not do.
@NullMarked
package io.elanus.adapters.s3;

import org.jspecify.annotations.NullMarked;
