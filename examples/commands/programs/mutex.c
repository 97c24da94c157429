/* A lock that every thread needs for nearly all of its work, and hands over thousands of times a second.
 *
 * usage: mutex THREADS ROUNDS
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t shared;

struct part {
	pthread_t thread;
	long rounds;
};

static uint64_t steps(uint64_t x, int n)
{
	while (n-- > 0) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
	}
	return x;
}

static void *run(void *arg)
{
	struct part *p = arg;
	volatile uint64_t own = 0;
	for (long i = 0; i < p->rounds; i++) {
		pthread_mutex_lock(&lock);
		shared += steps(i + 1, 8000) != 0; /* steps never give 0 */
		pthread_mutex_unlock(&lock);
		own = steps(i + 1, 1000);
	}
	(void)own;
	return NULL;
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: %s THREADS ROUNDS\n", argv[0]);
		return 2;
	}
	long threads = strtol(argv[1], NULL, 10), rounds = strtol(argv[2], NULL, 10);
	if (threads < 1 || rounds < 1) {
		fprintf(stderr, "threads and rounds must be at least 1\n");
		return 2;
	}
	struct part *parts = calloc((size_t)threads, sizeof *parts);
	if (!parts)
		return 1;
	for (long k = 0; k < threads; k++) {
		parts[k].rounds = rounds / threads + (k < rounds % threads);
		if (pthread_create(&parts[k].thread, NULL, run, &parts[k]) != 0) {
			perror("pthread_create");
			return 1;
		}
	}
	for (long k = 0; k < threads; k++)
		pthread_join(parts[k].thread, NULL);
	printf("%llu\n", (unsigned long long)shared);
	return 0;
}
