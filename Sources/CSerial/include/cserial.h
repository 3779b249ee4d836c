#ifndef CSERIAL_H
#define CSERIAL_H
#endif
