/** What is particular to Spring Boot 4: auto-configurations. Use the starter. */
@NullMarked
package io.gracefuldrain.spring.boot;

import org.jspecify.annotations.NullMarked;
