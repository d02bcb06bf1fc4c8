/** Tests that hold the promises of the manifests. */
@org.jspecify.annotations.NullMarked
package io.gracefuldrain.deploy;
