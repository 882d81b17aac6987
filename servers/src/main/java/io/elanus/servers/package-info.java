/// Real servers as child processes of this one: a Kafka broker, MariaDB, etcd, an S3-compatible store.
/// Local clusters and tests start them, kill them, pause them; a production image never contains them.
///
/// [ChildProcess] is one process; each server class knows its files, its command line, when it is ready,
/// and how a client reaches it. Everything a server keeps lies in the folder it was given.
@NullMarked
package io.elanus.servers;

import org.jspecify.annotations.NullMarked;
