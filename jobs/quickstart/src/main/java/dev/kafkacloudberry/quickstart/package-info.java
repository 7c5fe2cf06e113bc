/** A first import, told step by step: the shipped SQL on servers of its own. */
package dev.kafkacloudberry.quickstart;
