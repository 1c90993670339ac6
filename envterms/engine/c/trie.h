/* A trie, and a text that is walked through with it. */

#ifndef ENVTERMS_TRIE_H
#define ENVTERMS_TRIE_H

#include "engine.h"

typedef struct {
    int32_t base, check, form;
} Cell;

typedef struct {
    const uint16_t *classes;
    const Cell *cells;
    const uint8_t *pairs, *beginnings, *shorts;
    size_t class_count, state_count, pair_bits, beginning_bits, short_bits;
    int32_t forms, longest;
} Trie;

/* The state that a class leads to, -1 if there is none. */
static inline int32_t step(const Trie *trie, int32_t state, uint16_t class) {
    int64_t place = (int64_t)trie->cells[state].base + class;
    return place >= 0 && place < (int64_t)trie->state_count && trie->cells[place].check == state ? (int32_t)place : -1;
}

/* The form that ends at a state, -1 if there is none. */
static inline int32_t form_at(const Trie *trie, int32_t state) {
    int32_t form = trie->cells[state].form;
    return form < trie->forms ? form : -1;
}

/* A text that is walked through with a trie. */
typedef struct {
    const Trie *trie;
    const Py_buffer *classes;
    PyObject *text;
    Py_ssize_t length;
} Path;

static inline Py_UCS4 code_at(const Path *path, Py_ssize_t at) { return at >= 0 && at < path->length ? PyUnicode_ReadChar(path->text, at) : 0; }

/* The state behind `text[start:end]`, -1 if there is none. */
static inline int32_t state_behind(const Path *path, int32_t state, Py_ssize_t start, Py_ssize_t end) {
    for (Py_ssize_t at = start; state >= 0 && at < end; at++) {
        state = step(path->trie, state, said(path->classes, path->text, path->length, at));
    }
    return state;
}

static inline int is_form(const Path *path, int32_t state) { return state >= 0 && form_at(path->trie, state) >= 0; }

static inline int is_chinese(Py_UCS4 code) { return code >= 0x4e00 && code <= 0x9fff; }

#endif
