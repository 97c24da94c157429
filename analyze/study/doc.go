// Package study analyses a whole study: what is known of its runs becomes one value, which every document, gate and comparison reads.
package study
