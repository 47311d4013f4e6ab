#include "readiness.h"

static _Thread_local int thread_number;

void readiness_number_thread(int number) { thread_number = number; }

int readiness_thread_number(void) { return thread_number; }
