/* A trie, and a text that is walked through with it. */

#ifndef ENVTERMS_TRIE_H
#define ENVTERMS_TRIE_H

#include "engine.h"

typedef struct {
    int32_t base, check, form;
} Cell;

/* What leads from one state of a Trie of trie.py to the next; the numbers from `forms` on are signs, which are none. */
typedef struct {
    const uint16_t *classes;
    const Cell *cells;
    size_t class_count, state_count;
    int32_t forms;
} Trie;

static inline Trie trie_of(const Py_buffer *classes, const Py_buffer *cells, int32_t forms) {
    return (Trie){classes->buf, cells->buf, (size_t)classes->len / sizeof(uint16_t), (size_t)cells->len / sizeof(Cell), forms};
}

/* Without a class and a state, no function below may be called. */
static inline int is_empty(const Trie *trie) { return !trie->class_count || !trie->state_count; }

/* The class of a character; the last place is for all code points beyond, and for no character at all. */
static inline uint16_t class_of(const Trie *trie, Py_UCS4 code) {
    size_t last = trie->class_count - 1;
    return trie->classes[code < last ? code : last];
}

/* Has the cell that a class may lead to brought near, which step looks at. */
static inline void fetch(const Trie *trie, int32_t state, uint16_t class) {
#ifdef __GNUC__
    int64_t place = (int64_t)trie->cells[state].base + class;
    if (place >= 0 && place < (int64_t)trie->state_count) __builtin_prefetch(trie->cells + place);
#else
    (void)trie, (void)state, (void)class;
#endif
}

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

typedef struct {
    Trie trie;
    PyObject *text;
    Py_ssize_t length;
} Path;

static inline Path path_of(const Trie *trie, PyObject *text) { return (Path){*trie, text, PyUnicode_GetLength(text)}; }

static inline Py_UCS4 code_at(const Path *path, Py_ssize_t at) { return code_in(path->text, path->length, at); }

/* The state behind `text[start:end]`, -1 if there is none. */
static inline int32_t state_behind(const Path *path, int32_t state, Py_ssize_t start, Py_ssize_t end) {
    for (Py_ssize_t at = start; state >= 0 && at < end; at++) state = step(&path->trie, state, class_of(&path->trie, code_at(path, at)));
    return state;
}

static inline int is_form(const Path *path, int32_t state) { return state >= 0 && form_at(&path->trie, state) >= 0; }

static inline int is_chinese(Py_UCS4 code) { return code >= 0x4e00 && code <= 0x9fff; }

#endif
