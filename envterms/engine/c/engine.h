/* What the files of the engine in C share. Each holds loops of envterms.engine, with the same results as plain.py, in which they are easier
   to read, and ends with the list of its functions.

   The tables may come from a damaged file, so nothing is read without a look at the bounds. */

#ifndef ENVTERMS_ENGINE_H
#define ENVTERMS_ENGINE_H

#define Py_LIMITED_API 0x030b0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

extern PyMethodDef text_functions[], cleaning_functions[], trie_functions[], rule_functions[], hit_functions[];

static inline void release(Py_buffer *const *buffers) {
    for (; *buffers; buffers++) PyBuffer_Release(*buffers);
}

/* Releases the buffers to which it is given pointers, which are all the arguments `y*` of a function. */
#define RELEASE(...) release((Py_buffer *[]){__VA_ARGS__, NULL})

/* How many C ints a buffer holds. */
static inline size_t ints(const Py_buffer *buffer) { return (size_t)buffer->len / sizeof(int32_t); }

static inline int32_t int_at(const Py_buffer *buffer, size_t at) { return ((const int32_t *)buffer->buf)[at]; }

/* Whether columns are of one length, as those of hits must be. */
static inline int same_length(const Py_buffer *first, const Py_buffer *second, const Py_buffer *third) {
    if (first->len == second->len && first->len == third->len) return 1;
    PyErr_SetString(PyExc_ValueError, "the columns of hits are not of one length");
    return 0;
}

/* Appends a new object to a list; where that fails, or the object could not be made, the list is given up and NULL. */
static inline void append(PyObject **list, PyObject *object) {
    if (object == NULL || PyList_Append(*list, object) < 0) Py_CLEAR(*list);
    Py_XDECREF(object);
}

static inline void append_number(PyObject **list, long number) { append(list, PyLong_FromLong(number)); }

enum { BEHIND = 3 }; /* zeros that stand behind the code points of a text */

/* The code points of a text; to be freed with PyMem_Free. */
static inline Py_UCS4 *code_points(PyObject *text, Py_ssize_t *length) {
    *length = PyUnicode_GetLength(text);
    if (*length < 0) return NULL;
    if (*length > INT32_MAX - BEHIND) {
        PyErr_SetString(PyExc_OverflowError, "the text is too long to be scanned at once");
        return NULL;
    }
    Py_UCS4 *codes = PyMem_Malloc(((size_t)*length + BEHIND) * sizeof(Py_UCS4));
    if (codes == NULL) {
        PyErr_NoMemory();
    } else if (PyUnicode_AsUCS4(text, codes, *length + BEHIND, 0) == NULL) {
        PyMem_Free(codes);
        codes = NULL;
    } else {
        memset(codes + *length, 0, BEHIND * sizeof(Py_UCS4));
    }
    return codes;
}

static inline PyObject *as_text(const Py_UCS4 *codes, Py_ssize_t length) {
    int order = 1;
    order = *(char *)&order ? -1 : 1; /* of the bytes in memory */
    return PyUnicode_DecodeUTF32((const char *)codes, length * (Py_ssize_t)sizeof(Py_UCS4), "surrogatepass", &order);
}

static inline PyObject *as_bytes(const void *numbers, size_t size) { return PyBytes_FromStringAndSize(numbers, (Py_ssize_t)size); }

/* The code point at a place of a text, beyond all there are where there is none. */
static inline Py_UCS4 code_in(PyObject *text, Py_ssize_t length, Py_ssize_t at) {
    return at >= 0 && at < length ? PyUnicode_ReadChar(text, at) : UINT32_MAX;
}

#endif
