#!/bin/bash
# Takes the public image's arguments and asks whether the server answers.
exec mariadb-admin --socket=/tmp/mariadb.sock ping --silent
