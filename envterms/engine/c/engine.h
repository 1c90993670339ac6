/* What the files of the engine in C share. Each of them holds some of the loops of envterms.engine, with the same results as plain.py, in which
   they are easier to read, and lists them for module.c.

   The tables come from a file, which may be damaged, so nothing is read without a look at the bounds. */

#ifndef ENVTERMS_ENGINE_H
#define ENVTERMS_ENGINE_H

#define Py_LIMITED_API 0x030b0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

extern PyMethodDef text_functions[], cleaning_functions[], trie_functions[], rule_functions[], hit_functions[];

/* The code points of a text, with one 0 behind them; to be freed with PyMem_Free. */
static inline Py_UCS4 *code_points(PyObject *text, Py_ssize_t *length) {
    if (!PyUnicode_Check(text)) {
        PyErr_SetString(PyExc_TypeError, "the text must be a str");
        return NULL;
    }
    *length = PyUnicode_GetLength(text);
    if (*length < 0) return NULL;
    if (*length > INT32_MAX - 1) {
        PyErr_SetString(PyExc_OverflowError, "the text is too long to be scanned at once");
        return NULL;
    }
    return PyUnicode_AsUCS4Copy(text);
}

static inline PyObject *as_text(const Py_UCS4 *codes, Py_ssize_t length) {
    int order = 1;
    order = *(char *)&order ? -1 : 1; /* of the bytes in memory */
    return PyUnicode_DecodeUTF32((const char *)codes, length * (Py_ssize_t)sizeof(Py_UCS4), "surrogatepass", &order);
}

static inline PyObject *as_bytes(const void *numbers, size_t size) { return PyBytes_FromStringAndSize(numbers, (Py_ssize_t)size); }

/* How many C ints a buffer holds. */
static inline size_t ints(const Py_buffer *buffer) { return (size_t)buffer->len / sizeof(int32_t); }

static inline PyObject *packed(PyObject *first, PyObject *second, PyObject *third) {
    PyObject *result = first && second && third ? PyTuple_Pack(3, first, second, third) : NULL;
    Py_XDECREF(first);
    Py_XDECREF(second);
    Py_XDECREF(third);
    return result;
}

static inline int append(PyObject *list, long number) {
    PyObject *object = PyLong_FromLong(number);
    int failed = object == NULL || PyList_Append(list, object) < 0;
    Py_XDECREF(object);
    return !failed;
}

/* Whether the columns of hits are of one length, as they must be. */
static inline int same_length(const Py_buffer *starts, const Py_buffer *ends, const Py_buffer *forms) {
    if (starts->len == ends->len && starts->len == forms->len) return 1;
    PyErr_SetString(PyExc_ValueError, "the columns of hits are not of one length");
    return 0;
}

/* What a table says of the character at a place of a text; its last entry is for all code points beyond, and for no character at all. */
static inline uint16_t said(const Py_buffer *table, PyObject *text, Py_ssize_t length, Py_ssize_t at) {
    Py_ssize_t last = table->len / (Py_ssize_t)sizeof(uint16_t) - 1, code = last;
    if (at >= 0 && at < length) code = (Py_ssize_t)PyUnicode_ReadChar(text, at);
    return ((const uint16_t *)table->buf)[code < last ? code : last];
}

#endif
