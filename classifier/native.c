/* The loops over every character, compiled. Each function does what a numpy passage of the module named above it does, with
 * integers or with doubles that hold whole numbers (but for a square root and a division, which IEEE 754 rounds the same way
 * everywhere), so that both give the same bits; `native.py` calls them, and the tests compare the two.
 *
 * The caller allocates everything, and says how much; no function writes beyond that or keeps a pointer. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SEPARATOR, LETTER, DIGIT, IDEOGRAPH, SYMBOL };
enum { CODE_POINTS = 0x110000, BASIC_PLANE = 0x10000, BOUNDARY = 1, LONGEST_LEET = 4, FLAG_A = 0x1F1E6 };

int64_t native_version(void) { return 20; }

/* ---- text.py ---- */

/* Reads each code by `table`, those at `boundaries` as BOUNDARY; drops zeros and all but the first of three and more of one
 * character in a row, digits left alone. Writes the codes that stay, their kinds by `classes`, where each stood, and where the
 * boundaries are now; returns their number, or -1 if a code is read as several. `read` has room for n. */
int64_t native_fold(const uint32_t *raw, int64_t n, const int64_t *boundaries, int64_t documents, const uint32_t *table,
                    const uint8_t *classes, uint32_t *read, uint32_t *codes, uint8_t *kinds, int32_t *places, int64_t *ends) {
    uint32_t highest = 0;
    for (int64_t i = 0; i < n; i++) {
        read[i] = table[raw[i]];
        highest = read[i] > highest ? read[i] : highest;
    }
    if (highest >= CODE_POINTS) return -1;
    for (int64_t d = 0; d < documents; d++) read[boundaries[d]] = BOUNDARY;
    int64_t m = 0, d = 0;
    for (int64_t i = 0; i < n; i++) {
        uint32_t code = read[i];
        codes[m] = code;
        kinds[m] = classes[code];
        places[m] = (int32_t)i;
        if (code == BOUNDARY) ends[d++] = m;
        m += code != 0;
        if (i + 2 < n && read[i + 1] == code && read[i + 2] == code && code - '0' >= 10 && code != BOUNDARY)
            while (i + 1 < n && read[i + 1] == code) i++;
    }
    return m;
}

static int is_latin(uint32_t code) { return code - 'a' < 26; }
static int is_sign(uint32_t code, uint8_t kind) { return (kind == DIGIT) | (code == '@') | (code == '$') | (code == '!'); }
static int is_letter(uint8_t kind) { return (kind == LETTER) | (kind == IDEOGRAPH); }

static int leet_inside(const uint32_t *codes, const uint8_t *kinds, int64_t n, int64_t i) {
    if (i == 0 || !is_latin(codes[i - 1]) || codes[i] == '@' || !is_sign(codes[i], kinds[i])) return 0;
    for (int64_t step = 1; step <= LONGEST_LEET; step++) {
        int64_t after = i + step < n ? i + step : n - 1;
        if (is_latin(codes[after])) return 1;
        if (!is_sign(codes[after], kinds[after])) return 0;
    }
    return 0;
}

/* Marks each letter of a run of flag letters that are no row of flags; returns the end of the run. */
static int64_t spelling_flags(const uint32_t *codes, int64_t n, int64_t i, const uint8_t *flags, int64_t *hints, int64_t *m) {
    int64_t end = i;
    while (end < n && codes[end] - FLAG_A < 26) end++;
    int spelling = (end - i) % 2;
    for (int64_t k = i; k + 1 < end; k += 2) spelling |= !flags[26 * (codes[k] - FLAG_A) + codes[k + 1] - FLAG_A];
    if (spelling)
        for (int64_t k = i; k < end; k++) hints[(*m)++] = k;
    return end;
}

/* Where a disguise may be, in order; `hints` has room for n. `flags[26 * first + second]` says which letters make a flag. */
int64_t native_hints(const uint32_t *codes, const uint8_t *kinds, int64_t n, const uint8_t *flags, int64_t *hints) {
    int64_t m = 0, single = -9; /* the last letter that stood alone */
    int second = 0, odd = 0;    /* whether one stood shortly before that */
    for (int64_t i = 0; i < n; i++) odd |= (codes[i] - 0x250 < 0x340) | (codes[i] - FLAG_A < 26);
    for (int64_t i = 0; i < n;) {
        if (!is_letter(kinds[i])) {
            i = odd && codes[i] - FLAG_A < 26 ? spelling_flags(codes, n, i, flags, hints, &m) : i + 1;
            continue;
        }
        int64_t end = i + 1;
        while (end < n && is_letter(kinds[end])) end++;
        int third = 0;
        if (end - i == 1) {
            int near = i - single <= 3;
            third = near & second;
            second = near;
            single = i;
        }
        if (third) hints[m++] = i;
        else if (odd)
            for (int64_t k = i; k < end; k++)
                if (codes[k] - 0x250 < 0x340) hints[m++] = k;
        i = end;
        if (i < n && is_sign(codes[i], kinds[i]) && leet_inside(codes, kinds, n, i)) hints[m++] = i++;
    }
    return m;
}

/* ---- compact.py ---- */

/* Closes up runs of separators. The outputs have room for n; `limits` for one more than there are ends. */
int64_t native_compact(const uint32_t *codes, const uint8_t *kinds, int64_t n, const int64_t *ends, int64_t documents,
                       uint32_t *kept, uint8_t *kept_kinds, int64_t *at, int64_t *limits) {
    int64_t m = 0, document = 0;
    int before = 1; /* whether the last one was a separator */
    limits[0] = 0;
    for (int64_t i = 0; i < n; i++) { /* written always, and counted where it stays: branches would be guessed wrong too often */
        int separator = kinds[i] == SEPARATOR, is_end = document < documents && ends[document] == i;
        kept[m] = is_end ? '\n' : separator ? ' ' : codes[i];
        kept_kinds[m] = kinds[i];
        at[m] = i;
        m += !separator | !before | is_end;
        before = separator;
        if (is_end) limits[++document] = m;
    }
    return m;
}

/* ---- prefix_hashes.py ---- */

static const uint64_t MIX = 0xFF51AFD7ED558CCDu, PAIR = 0xC4CEB9FE1A85EC53u, SECOND = 0x9E3779B97F4A7C15u;

static uint64_t letter_of(uint32_t code) {
    uint64_t letter = (code + UINT64_C(0x1000)) * MIX;
    return letter ^ letter >> 31;
}

/* Hashes of all prefixes (room for n + 1) and the tokens (room for n each); returns the number of tokens. */
int64_t native_prefixes(const uint32_t *codes, const uint8_t *kinds, int64_t n, const uint64_t *powers, uint64_t *prefix,
                        int64_t *starts, int64_t *stops) {
    int64_t tokens = 0, closed = 0;
    int open = 0;
    uint64_t hash = 0;
    prefix[0] = 0;
    for (int64_t i = 0; i < n; i++) {
        prefix[i + 1] = hash += letter_of(kinds[i] == DIGIT ? '0' : codes[i]) * powers[i];
        int edge = i == 0 || (kinds[i] >= IDEOGRAPH) | (kinds[i] != kinds[i - 1]), opens = edge & (kinds[i] != SEPARATOR);
        stops[closed] = i;
        closed += edge & open;
        starts[tokens] = i;
        tokens += opens;
        open = edge ? opens : open;
    }
    if (open) stops[closed] = n;
    return tokens;
}

static uint64_t stretch(const uint64_t *prefix, const uint64_t *inverses, int64_t start, int64_t stop) {
    return (prefix[stop] - prefix[start]) * inverses[start];
}

/* ---- language.py ---- */

enum { WORD_SIEVE_BITS = 16 };

static int64_t word_at(const uint64_t *words, int64_t count, uint64_t hash) {
    int64_t low = 0, high = count;
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (words[middle] < hash) low = middle + 1;
        else high = middle;
    }
    return low < count && words[low] == hash ? low : -1;
}

/* Of each text, which ends before its `ends`, how many letters of each class it has (`letters` is int64[documents][classes]) and
 * what the common words say for each language (`votes` is double[documents][languages]). Characters of the class `invisible` are
 * passed over; from `latin` on, classes make up words. `words` are hashes in order, each with `most` languages and weights. */
void native_languages(const uint32_t *codes, const int64_t *ends, int64_t documents, const uint8_t *class_of, int64_t classes,
                      int64_t invisible, int64_t latin, uint64_t base, const uint64_t *words, int64_t count, const uint8_t *sieve,
                      const int64_t *spoken_in, const double *weights, int64_t most, int64_t languages, int64_t *letters,
                      double *votes) {
    int64_t i = 0;
    memset(letters, 0, (size_t)(documents * classes) * sizeof *letters);
    memset(votes, 0, (size_t)(documents * languages) * sizeof *votes);
    for (int64_t d = 0; d < documents; d++) {
        uint64_t hash = 0, power = 1;
        for (; i < ends[d]; i++) {
            int64_t kind = class_of[codes[i]];
            letters[d * classes + kind]++;
            if (kind == invisible) continue;
            if (kind >= latin) {
                hash += letter_of(codes[i]) * power;
                power *= base;
            } else if (power != 1) { /* also at the text's end, which is no letter */
                int64_t word = sieve[hash >> (64 - WORD_SIEVE_BITS)] ? word_at(words, count, hash) : -1;
                for (int64_t k = 0; word >= 0 && k < most; k++)
                    votes[d * languages + spoken_in[word * most + k]] += weights[word * most + k];
                hash = 0;
                power = 1;
            }
        }
    }
}

/* ---- signs.py ---- */

/* Where two characters in a row have a bit in common, `first` of the one and `second` of the other; not at a Latin letter behind a
 * Latin letter or a digit. The tables hold BASIC_PLANE rows; `places` and `signs` have room for n. */
int64_t native_signs(const uint32_t *codes, int64_t n, const uint64_t *first, const uint64_t *second, int64_t *places,
                     uint64_t *signs) {
    int64_t m = 0;
    int inside = 0; /* behind a Latin letter or a digit */
    for (int64_t i = 0; i < n; i++) { /* without branches, as above */
        uint32_t code = codes[i], next = i + 1 < n ? codes[i + 1] : 0;
        uint64_t sign = first[code < BASIC_PLANE ? code : BASIC_PLANE - 1] & second[next < BASIC_PLANE ? next : BASIC_PLANE - 1];
        int latin = is_latin(code);
        places[m] = i;
        signs[m] = sign;
        m += (sign != 0) & !(inside & latin);
        inside = latin | (code - '0' < 10);
    }
    return m;
}

/* ---- salary_places.py ---- */

enum { NOTHING, IF_SAID, PLAIN, ANYTHING };
enum { DASH = 1, BETWEEN = 2 };
enum { WORD_BITS = 21, LONG_NUMBER = 9 };

static uint32_t code_at(const uint32_t *codes, int64_t n, int64_t i) { return i >= 0 && i < n ? codes[i] : 0; }
static int is_digit(uint32_t code) { return code - '0' < 10; }
static int mark(const uint8_t *marks, uint32_t code) { return marks[code < BASIC_PLANE ? code : BASIC_PLANE - 1]; }

/* Whether a word of a table may begin at a place, read forwards (step 1) or backwards (step -1). */
static int begins(const uint8_t *table, const uint32_t *codes, int64_t n, int64_t i, int64_t step) {
    const uint32_t mask = (1u << WORD_BITS) - 1;
    uint32_t a = code_at(codes, n, i), b = code_at(codes, n, i + step), c = code_at(codes, n, i + 2 * step);
    uint32_t two = a << 7 ^ b, three = two << 7 ^ c;
    return ((table[a & mask] & 1) && !(is_latin(a) && is_latin(b))) || ((table[two & mask] & 2) && !(is_latin(b) && is_latin(c))) ||
           (table[three & mask] & 4);
}

/* The last of the `reach` places before a place at which a word of a table may begin, or -1. */
static int64_t begins_before(const uint8_t *table, const uint32_t *codes, int64_t n, int64_t place, int64_t reach) {
    for (int64_t i = place - 1; i >= place - reach && i >= 0; i--)
        if (begins(table, codes, n, i, 1)) return i;
    return -1;
}

/* What `_numbers` and `_spelled` work out, of the places that native_signs found, where the lowest sign is a number's. The
 * outputs have room for `count`. Returns how many numbers there are; `spelled_count` says how many places in `spelled`. */
int64_t native_numbers(const uint32_t *codes, int64_t n, const int64_t *places, const uint64_t *signs, int64_t count,
                       const uint8_t *after, const uint8_t *before, const uint8_t *names_before, const uint8_t *words_before,
                       const uint8_t *words_after, const uint8_t *units, const uint8_t *endings, const uint8_t *marks,
                       int64_t reach, int64_t far, int64_t *starts, int64_t *stops, int64_t *hopes, int64_t *said,
                       int64_t *spelled, int64_t *spelled_count) {
    int64_t m = 0, words = 0, end_before = 0, stop = 0; /* where the number ends: rows of digits may follow each other */
    int open_range = 0; /* whether the number before is below a hundred and has a dash behind it */
    for (int64_t k = 0; k < count; k++) {
        int64_t start = places[k];
        if (signs[k] != 1) {
            if (!begins(units, codes, n, start, 1)) continue;
            uint32_t gap = code_at(codes, n, start - 1);
            if (begins(endings, codes, n, start - 1 - (gap == ' ' || gap == '-'), -1)) spelled[words++] = start;
            continue;
        }
        int digit = is_digit(codes[start]);
        int64_t end = start + 1;
        if (digit)
            while (end < n && is_digit(codes[end])) end++, k++;
        if (stop < end) /* else it is a later row of the number before */
            for (stop = end; digit && is_digit(code_at(codes, n, stop + 1)) && (codes[stop] == '.' || codes[stop] == ',');)
                for (stop++; stop < n && is_digit(codes[stop]);) stop++;
        uint32_t first = code_at(codes, n, stop), second = code_at(codes, n, stop + 1), left = code_at(codes, n, start - 1);
        int space = first == ' ';
        int64_t word = stop + space + (space && second == ' ');
        int goes_on = ((first == '.' || first == ',') && second == '-') || (space && is_digit(code_at(codes, n, word)));
        int dash = mark(marks, code_at(codes, n, word)) & DASH, in_range = 0;
        if (dash) {
            int64_t at = word + 1;
            at += mark(marks, code_at(codes, n, at)) & DASH;
            for (int step = 0; step < 2; step++) at += code_at(codes, n, at) == ' ';
            uint32_t code = code_at(codes, n, at);
            in_range = is_digit(code) || code >= 128 || begins(names_before, codes, n, at, 1);
        }
        int64_t name_end = start - 1;
        for (int step = 0; step < 3; step++) name_end -= (mark(marks, code_at(codes, n, name_end)) & BETWEEN) != 0;
        int named = begins(before, codes, n, name_end, -1);
        int plain = digit && !goes_on && !in_range && (dash || !begins(after, codes, n, word, 1));
        int alone = digit && !goes_on && !named && stop == end, bare = plain && alone;
        int small = end - start < 3;
        int nothing = small || end - start >= LONG_NUMBER || codes[start] == '0' || left == '-' || left == '/' ||
                      (space ? second : first) == '%' || ((first == ':' || first == '/') && is_digit(second));
        said[m] = begins_before(words_before, codes, n, start, digit && !named ? reach : far);
        if (bare && !nothing && said[m] < 0) {
            int64_t at = end + space;
            nothing = !begins(words_after, codes, n, at + (code_at(codes, n, at) == '('), 1);
        }
        if (open_range && bare && small && start - end_before <= 4) hopes[m - 1] = NOTHING;
        starts[m] = start;
        stops[m] = digit ? end : 0;
        hopes[m++] = bare ? (nothing ? NOTHING : IF_SAID) : plain ? PLAIN : ANYTHING;
        open_range = alone && small && dash;
        end_before = end;
    }
    *spelled_count = words;
    return m;
}

/* ---- ngrams.py and linear.py ---- */

static uint64_t bucket(uint64_t hash, uint64_t channel, uint64_t salt, int64_t bits) {
    hash ^= hash >> 32;
    hash *= MIX;
    hash ^= hash >> 29;
    hash += salt;
    hash *= PAIR;
    return (hash >> (65 - bits)) + (channel << (bits - 1));
}

enum { AHEAD = 64 };
typedef struct {
    const int16_t *weights;
    uint64_t buckets[AHEAD];
    int64_t count, total;
    int64_t sums[2];
} Gathered;

static void flush(Gathered *g) {
    for (int64_t i = 0; i < g->count; i++) {
        g->sums[0] += g->weights[2 * g->buckets[i]];
        g->sums[1] += g->weights[2 * g->buckets[i] + 1];
    }
    g->total += g->count;
    g->count = 0;
}

static void gather(Gathered *g, uint64_t at) {
    __builtin_prefetch(&g->weights[2 * at]);
    g->buckets[g->count++] = at;
    if (g->count == AHEAD) flush(g);
}

/* Sums of the weights of each document's n-grams, by channel (0 for words, 1 for characters) and head; `ngrams` are (channel,
 * length). `sums` is int64[2][2][documents], `totals` int64[2][documents]. */
void native_ngram_sums(const uint64_t *prefix, const uint64_t *inverses, const int64_t *starts, const int64_t *stops,
                       int64_t tokens, const int64_t *limits, int64_t documents, const int64_t *ngrams, int64_t kinds,
                       const int16_t *weights, int64_t bits, int64_t *sums, int64_t *totals) {
    int64_t token = 0;
    for (int64_t d = 0; d < documents; d++) {
        Gathered found[2] = {{.weights = weights}, {.weights = weights}};
        int64_t last = token;
        while (last < tokens && starts[last] < limits[d + 1]) last++;
        for (int64_t k = 0; k < kinds; k++) {
            int64_t channel = ngrams[2 * k], n = ngrams[2 * k + 1];
            Gathered *g = &found[channel];
            uint64_t before = 0;
            if (channel) {
                for (int64_t i = limits[d]; i + n < limits[d + 1]; i++)
                    gather(g, bucket(stretch(prefix, inverses, i, i + n), 1, (uint64_t)n, bits));
                continue;
            }
            for (int64_t t = token; t < last; t++) {
                uint64_t hash = stretch(prefix, inverses, starts[t], stops[t]);
                if (n == 1) gather(g, bucket(hash, 0, 1, bits));
                else if (t > token) gather(g, bucket(before * PAIR + (hash ^ SECOND), 0, 2, bits));
                before = hash;
            }
        }
        for (int64_t channel = 0; channel < 2; channel++) {
            flush(&found[channel]);
            sums[2 * channel * documents + d] = found[channel].sums[0];
            sums[(2 * channel + 1) * documents + d] = found[channel].sums[1];
            totals[channel * documents + d] = found[channel].total;
        }
        token = last;
    }
}

/* ---- word_shares.py ---- */

enum { LONG_WORD = 18 };

static void spread(double *flow, int64_t start, int64_t stop, double weight, double parts) {
    double share = rint(weight * (parts / (double)(stop - start)));
    flow[start] += share;
    flow[stop] -= share;
}

/* What the n-grams add at the character where they begin and take back where they end, by channel, in `flow`, which is
 * double[2][size]; characters are counted from the first document's. `ngrams` are (channel, length). Only the first of each pair of
 * weights counts. `totals` is int64[2][documents]; both are added to. */
void native_flow(const uint64_t *prefix, const uint64_t *inverses, const int64_t *starts, const int64_t *stops, int64_t tokens,
                 const int64_t *limits, int64_t documents, const int64_t *ngrams, int64_t kinds, const int16_t *weights,
                 int64_t bits, int64_t parts, double *flow, int64_t size, int64_t *totals) {
    int64_t base = limits[0], first_token = 0;
    while (first_token < tokens && starts[first_token] < base) first_token++;
    for (int64_t k = 0; k < kinds; k++) {
        int64_t channel = ngrams[2 * k], n = ngrams[2 * k + 1], token = first_token;
        double *into = flow + channel * size;
        for (int64_t d = 0; d < documents; d++) {
            int64_t *total = &totals[channel * documents + d];
            if (channel) {
                for (int64_t i = limits[d]; i + n < limits[d + 1]; i++, ++*total) {
                    uint64_t at = bucket(stretch(prefix, inverses, i, i + n), 1, (uint64_t)n, bits);
                    spread(into, i - base, i + n - base, weights[2 * at], (double)parts);
                }
                continue;
            }
            uint64_t before = 0;
            for (int64_t first = token; token < tokens && starts[token] < limits[d + 1]; token++) {
                uint64_t hash = stretch(prefix, inverses, starts[token], stops[token]);
                int64_t start = n == 1 || token == first ? starts[token] : starts[token - 1];
                uint64_t at = n == 1 ? bucket(hash, 0, 1, bits) : bucket(before * PAIR + (hash ^ SECOND), 0, 2, bits);
                if (n == 1 || token > first) {
                    spread(into, start - base, stops[token] - base, weights[2 * at], (double)parts);
                    ++*total;
                }
                before = hash;
            }
        }
    }
}

static int is_mark(const int64_t *marks, int64_t count, uint32_t code) {
    for (int64_t k = 0; k < count; k++)
        if (code >= marks[2 * k] && code < marks[2 * k + 1]) return 1;
    return 0;
}

static int word_begins(const uint8_t *kinds, int64_t i) {
    if (kinds[i] == SEPARATOR) return 0;
    return i == 0 || kinds[i - 1] == SEPARATOR || kinds[i] >= IDEOGRAPH || kinds[i - 1] >= IDEOGRAPH;
}

/* The words of documents that begin with the first character, and the sums over their characters of what flows there, by channel.
 * `flow` is double[2][size + 1], the outputs have room for `size` words, `sums` is double[2][size]. `marks` are ranges. */
int64_t native_words(const uint32_t *codes, const uint8_t *kinds, int64_t size, const int64_t *limits, int64_t documents,
                     const double *flow, const int64_t *marks, int64_t mark_count, int64_t *starts, int64_t *stops, int64_t *of,
                     double *sums) {
    int64_t m = 0;
    double flowing[2] = {0, 0};
    for (int64_t d = 0; d < documents; d++) {
        int64_t first = m, begin = 0, end = 0; /* of the stretch from one beginning to the next, which may be cut into words */
        double before[2] = {0, 0};             /* what leading separators have goes to the first word */
        for (int64_t i = limits[d]; i < limits[d + 1]; i++) {
            int opens = word_begins(kinds, i);
            if (opens) {
                begin = i;
                end = i + 1;
                while (end < limits[d + 1] && !word_begins(kinds, end)) end++;
            } else if (m > first && end - begin > LONG_WORD && kinds[i] != SEPARATOR) {
                opens = ((i - begin) % 6 == 0 || codes[i] > 0x900) && !is_mark(marks, mark_count, codes[i]);
            }
            if (opens) {
                starts[m] = i;
                of[m] = d;
                for (int64_t c = 0; c < 2; c++) sums[c * size + m] = m == first ? before[c] : 0;
                m++;
            }
            for (int64_t c = 0; c < 2; c++) {
                flowing[c] += flow[c * (size + 1) + i];
                if (m > first) sums[c * size + m - 1] += flowing[c];
                else before[c] += flowing[c];
            }
            if (kinds[i] != SEPARATOR) stops[m - 1] = i;
        }
    }
    return m;
}

/* ---- explain.py ---- */

/* Where a phrase begins among words: at one of another document or direction, behind a mark of `ends` in the original, and after
 * `most` words. `begins` has room for all words; returns how many there are. */
int64_t native_phrase_starts(const int64_t *starts, const int64_t *stops, const double *weights, const int64_t *of, int64_t words,
                             const uint32_t *original, const uint8_t *ends, int64_t most, int64_t *begins) {
    int64_t count = 0, first = 0;
    for (int64_t w = 0; w < words; w++) {
        int parted = w == 0 || of[w] != of[w - 1] || (weights[w] > 0) != (weights[w - 1] > 0);
        if (!parted) {
            int64_t from = stops[w - 1] < starts[w] ? stops[w - 1] : starts[w], to = stops[w - 1] + starts[w] - from;
            while (from < to && !ends[original[from]]) from++;
            parted = from < to;
        }
        if (parted) first = w;
        if ((w - first) % most == 0) begins[count++] = w;
    }
    return count;
}

/* ---- features.py ---- */

/* Sorts by the lowest `bits` bits, digit by digit; both arrays have room for n. Returns the one in which the result is. */
static uint32_t *sorted(uint32_t *keys, uint32_t *other, int64_t n, int64_t bits) {
    int64_t width = n < 1000 ? 8 : 11, places[2049]; /* of a digit: wider ones pay where there is much to sort */
    uint32_t mask = (1u << width) - 1;
    for (int64_t shift = 0; shift < bits; shift += width) {
        memset(places, 0, ((size_t)mask + 2) * sizeof *places);
        for (int64_t i = 0; i < n; i++) places[(keys[i] >> shift & mask) + 1]++;
        for (int64_t digit = 0; digit < mask; digit++) places[digit + 1] += places[digit];
        for (int64_t i = 0; i < n; i++) other[places[keys[i] >> shift & mask]++] = keys[i];
        uint32_t *swapped = keys;
        keys = other;
        other = swapped;
    }
    return keys;
}

/* The matrix of a batch, row by row: the buckets in order, each once, and how often it is there times the scale of its channel.
 * `ngrams` are (channel, length) of the n-grams; `columns`, `values`, `keys` and `other` have room for all n-grams that there
 * can be. Writes each row's length and returns their sum. */
int64_t native_rows(const uint64_t *prefix, const uint64_t *inverses, const int64_t *starts, const int64_t *stops,
                    int64_t tokens, const int64_t *limits, int64_t documents, const int64_t *ngrams, int64_t kinds, int64_t bits,
                    int32_t *columns, double *values, int64_t *lengths, uint32_t *keys, uint32_t *other) {
    int64_t token = 0, written = 0;
    for (int64_t d = 0; d < documents; d++) {
        int64_t totals[2] = {0}, n = 0, first = token, last = token;
        while (last < tokens && starts[last] < limits[d + 1]) last++;
        for (int64_t k = 0; k < kinds; k++) {
            int64_t before = n, channel = ngrams[2 * k], length = ngrams[2 * k + 1];
            if (channel) {
                for (int64_t i = limits[d]; i + length < limits[d + 1]; i++)
                    keys[n++] = (uint32_t)bucket(stretch(prefix, inverses, i, i + length), 1, (uint64_t)length, bits);
            } else {
                uint64_t left = 0;
                for (int64_t t = first; t < last; t++) {
                    uint64_t hash = stretch(prefix, inverses, starts[t], stops[t]);
                    if (length == 1) keys[n++] = (uint32_t)bucket(hash, 0, 1, bits);
                    else if (t > first) keys[n++] = (uint32_t)bucket(left * PAIR + (hash ^ SECOND), 0, 2, bits);
                    left = hash;
                }
            }
            totals[channel] += n - before;
        }
        double scales[2] = {1.0 / sqrt(totals[0] > 1 ? totals[0] : 1), 1.0 / sqrt(totals[1] > 1 ? totals[1] : 1)};
        const uint32_t *order = sorted(keys, other, n, bits);
        int64_t row = written;
        for (int64_t i = 0; i < n;) {
            int64_t end = i + 1;
            while (end < n && order[end] == order[i]) end++;
            columns[written] = (int32_t)order[i];
            values[written++] = scales[order[i] >> (bits - 1)] * (double)(end - i);
            i = end;
        }
        lengths[d] = written - row;
        token = last;
    }
    return written;
}

/* ---- phrase_table.py ---- */

enum { SIEVE_BITS = 20, SLOT_BITS = 16, NEXT = 16 };

/* A sieve holds 2^SIEVE_BITS bits. */
static int passes(const uint8_t *sieve, uint64_t hash) {
    uint64_t at = hash >> (64 - SIEVE_BITS);
    return sieve[at / 8] >> (at % 8) & 1;
}

static void fetch(const uint8_t *sieve, uint64_t hash) { __builtin_prefetch(&sieve[(hash >> (64 - SIEVE_BITS)) / 8]); }

/* The keys are in order; those whose highest SLOT_BITS bits are b stand from slots[b] up to slots[b + 1]. */
typedef struct {
    const uint64_t *keys;
    const int32_t *slots;
    const int32_t *first, *ids;
    const uint8_t *sieve;
} Lookup;

/* What `PhraseTable` holds, each of 64 bits, in the order of its `addresses`. `unspaced.keys` is NULL until a text needs them. */
typedef struct {
    Lookup spaced;
    const uint8_t *one_token, *two_tokens;
    int64_t most_tokens;
    const int32_t *numbered; /* of each part its row in `written`, or -1 */
    const uint32_t *written;
    int64_t width;
    const int32_t *first_use, *uses, *concept_of;
    int64_t patterns;
    const int64_t *scripts; /* ranges of the characters without spaces between words, the lowest first */
    int64_t script_count;
    Lookup unspaced;
    const int64_t *lengths, *sizes, *heads; /* lengths of four levels one after the other, how many each level has */
    const uint8_t *head_sieves[3];          /* parts of levels 1 to 3 begin with `heads[level - 1]` characters that pass one */
} PhraseTable;

typedef struct {
    const uint64_t *prefix, *inverses;
    const int64_t *starts, *stops;
    int64_t tokens;
    const uint32_t *codes;
    int64_t n;
} Batch;

typedef struct {
    int64_t *ids, *starts, *stops;
    int64_t room, count;
} Parts;

/* Whether the digits of a part, which its hash does not tell apart, are those in the text. */
static int is_written(const PhraseTable *table, const Batch *text, int64_t id, int64_t start) {
    int64_t row = table->numbered[id];
    for (int64_t k = 0; row >= 0 && k < table->width; k++) {
        uint32_t code = table->written[row * table->width + k];
        if (code && code != text->codes[start + k < text->n ? start + k : text->n - 1]) return 0;
    }
    return 1;
}

/* Counts on beyond the room, so that the caller knows how much is needed. */
static void look_up(const PhraseTable *table, const Lookup *lookup, const Batch *text, uint64_t hash, int64_t start, int64_t stop,
                    Parts *found) {
    if (!passes(lookup->sieve, hash)) return;
    int64_t at = lookup->slots[hash >> (64 - SLOT_BITS)], end = lookup->slots[(hash >> (64 - SLOT_BITS)) + 1];
    while (at < end && lookup->keys[at] != hash) at++;
    if (at == end) return;
    for (int64_t k = lookup->first[at]; k < lookup->first[at + 1]; k++) {
        if (!is_written(table, text, lookup->ids[k], start)) continue;
        if (found->count < found->room) {
            found->ids[found->count] = lookup->ids[k];
            found->starts[found->count] = start;
            found->stops[found->count] = stop;
        }
        found->count++;
    }
}

static uint64_t between(const Batch *text, int64_t start, int64_t stop) {
    return stretch(text->prefix, text->inverses, start, stop);
}

/* Parts that are rows of whole tokens, by start, then stop. */
static void spaced_parts(const PhraseTable *table, const Batch *text, Parts *found) {
    const Lookup *lookup = &table->spaced;
    const int64_t *starts = text->starts, *stops = text->stops;
    uint64_t singles[NEXT], doubles[NEXT]; /* hashes of the tokens to come, whose places in the sieves are fetched meanwhile */
    for (int64_t t = -NEXT; t < text->tokens; t++) {
        uint64_t single = 0, pair = 0;
        int64_t ahead = t + NEXT, at = ahead % NEXT;
        if (t >= 0) single = singles[at], pair = doubles[at];
        if (ahead < text->tokens) {
            singles[at] = between(text, starts[ahead], stops[ahead]);
            doubles[at] = ahead + 1 < text->tokens ? between(text, starts[ahead], stops[ahead + 1]) : 0;
            fetch(table->one_token, singles[at]);
            fetch(lookup->sieve, singles[at]);
            fetch(lookup->sieve, doubles[at]);
        }
        if (t < 0 || !passes(table->one_token, single)) continue;
        look_up(table, lookup, text, single, starts[t], stops[t], found);
        if (t + 1 >= text->tokens) continue;
        look_up(table, lookup, text, pair, starts[t], stops[t + 1], found);
        if (!passes(table->two_tokens, pair)) continue;
        for (int64_t k = 2; k < table->most_tokens && t + k < text->tokens; k++)
            look_up(table, lookup, text, between(text, starts[t], stops[t + k]), starts[t], stops[t + k], found);
    }
}

/* Parts that may begin at any character, by start, then stop. */
static void unspaced_parts(const PhraseTable *table, const Batch *text, Parts *found) {
    for (int64_t i = 0; i < text->n; i++) {
        const int64_t *length = table->lengths;
        for (int64_t level = 0; level < 4; level++) {
            if (level) {
                int64_t head = i + table->heads[level - 1];
                if (head > text->n || !passes(table->head_sieves[level - 1], between(text, i, head))) break;
            }
            for (int64_t k = 0; k < table->sizes[level] && i + length[k] <= text->n; k++)
                look_up(table, &table->unspaced, text, between(text, i, i + length[k]), i, i + length[k], found);
            length += table->sizes[level];
        }
    }
}

static int any_unspaced(const PhraseTable *table, const Batch *text) {
    for (int64_t i = 0; i < text->n; i++) {
        if (text->codes[i] < table->scripts[0]) continue;
        for (int64_t k = 0; k < table->script_count; k++)
            if (text->codes[i] >= table->scripts[2 * k] && text->codes[i] < table->scripts[2 * k + 1]) return 1;
    }
    return 0;
}

/* ---- phrases.py ---- */

enum { LENGTH_BITS = 12, PATTERN_BITS = 20 };

static int comes_before(const void *left, const void *right) {
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* Makes the hits that one part brings about with the parts before it; the sort keys of at most `room` are written. */
static int64_t hits_of(const PhraseTable *table, const Parts *parts, int64_t i, int64_t document_start, int64_t near, int32_t *last,
                       uint64_t *hits, int64_t count, int64_t room) {
    int64_t id = parts->ids[i];
    for (int64_t u = table->first_use[id]; u < table->first_use[id + 1]; u++) {
        int64_t pattern = table->uses[u] >> 2, side = table->uses[u] & 3, from = parts->starts[i], to = parts->stops[i];
        if (side) {
            int64_t before = last[pattern], other = before / 4;
            last[pattern] = (int32_t)(4 * i + side);
            if (before < 0 || before % 4 == side || parts->starts[other] < document_start) continue;
            if (from < parts->stops[other] || from - parts->stops[other] > near) continue;
            from = parts->starts[other];
            if (parts->stops[other] > to) to = parts->stops[other];
        }
        if (count < room)
            hits[count] = (uint64_t)from << (LENGTH_BITS + PATTERN_BITS) | (uint64_t)(to - from) << PATTERN_BITS | (uint64_t)pattern;
        count++;
    }
    return count;
}

enum { NEEDS_UNSPACED = -1, TOO_MANY = -2, NEEDS_ROOM = -3 };

/* All hits in a batch, by start, stop and pattern: their documents, concepts, starts and stops, int64[4][room]. A pattern of two
 * parts is a hit where the last part of it in the same document was of the other side, and at most `near` before. Returns the
 * number of hits, or why there are none: the table's unspaced parts are needed, there are more than `most` parts, or the room,
 * which `parts` (int64[3][room]) and `keys` have too, must be `*needed`. `last` is for each pattern. */
int64_t native_phrases(const PhraseTable *table, const uint64_t *prefix, const uint64_t *inverses, const int64_t *starts,
                       const int64_t *stops, int64_t tokens, const uint32_t *codes, int64_t n, const int64_t *limits,
                       int64_t documents, int64_t near, int64_t most, int32_t *last, int64_t room, int64_t *parts,
                       uint64_t *keys, int64_t *hits, int64_t *needed) {
    Batch text = {prefix, inverses, starts, stops, tokens, codes, n};
    Parts found = {parts, parts + room, parts + 2 * room, room, 0};
    int unspaced = any_unspaced(table, &text);
    if (unspaced && !table->unspaced.keys) return NEEDS_UNSPACED;
    spaced_parts(table, &text, &found);
    int64_t spaced = found.count, count = 0, document = 0;
    if (unspaced) unspaced_parts(table, &text, &found);
    *needed = found.count;
    if (found.count > most) return TOO_MANY;
    if (found.count > room) return NEEDS_ROOM;
    memset(last, -1, (size_t)table->patterns * sizeof *last);
    for (int64_t i = 0, j = spaced; i < spaced || j < found.count;) { /* those of both kinds in order */
        int first = j == found.count || (i < spaced && (found.starts[i] < found.starts[j] ||
                                                        (found.starts[i] == found.starts[j] && found.stops[i] <= found.stops[j])));
        int64_t part = first ? i++ : j++;
        while (document < documents && limits[document + 1] <= found.starts[part]) document++;
        count = hits_of(table, &found, part, limits[document], near, last, keys, count, room);
    }
    *needed = count;
    if (count > room) return NEEDS_ROOM;
    qsort(keys, (size_t)count, sizeof *keys, comes_before);
    document = 0;
    for (int64_t i = 0; i < count; i++) {
        int64_t start = (int64_t)(keys[i] >> (LENGTH_BITS + PATTERN_BITS));
        while (document < documents && limits[document + 1] <= start) document++;
        hits[i] = document;
        hits[room + i] = table->concept_of[keys[i] & ((1 << PATTERN_BITS) - 1)];
        hits[2 * room + i] = start;
        hits[3 * room + i] = start + (int64_t)(keys[i] >> PATTERN_BITS & ((1 << LENGTH_BITS) - 1));
    }
    return count;
}

/* ---- campaign_signatures.py ---- */

enum { BINS = 64 };

static int64_t shingle_length(uint32_t code, uint8_t kind) {
    if (kind == IDEOGRAPH) return 3;
    return code - 0x0E00 < 0x100 || code - 0x1000 < 0xA0 || code - 0x1780 < 0x80 ? 5 : 8;
}

/* The minima of each document, uint32[documents][BINS], with empty bins filled from others, and its number of shingles.
 * `lenders` is int64[BINS][BINS - 1]. */
void native_minima(const uint32_t *codes, const uint8_t *kinds, const uint64_t *prefix, const uint64_t *inverses,
                   const int64_t *limits, int64_t documents, const int64_t *lenders, uint16_t *minima, uint32_t *shingles) {
    for (int64_t d = 0; d < documents; d++) {
        uint32_t smallest[BINS];
        int64_t end = limits[d + 1], count = 0;
        memset(smallest, 0xFF, sizeof smallest);
        for (int64_t i = limits[d]; i < end; i++) {
            int64_t length = shingle_length(codes[i], kinds[i]);
            if (i + length >= end) continue;
            uint64_t hash = stretch(prefix, inverses, i, i + length) * MIX;
            hash ^= hash >> 32;
            hash *= PAIR;
            hash ^= hash >> 29;
            uint32_t value = (uint32_t)(hash >> 20);
            if (value < smallest[hash >> 58]) smallest[hash >> 58] = value;
            count++;
        }
        for (int64_t bin = 0; bin < BINS; bin++) {
            uint32_t value = smallest[bin];
            for (int64_t attempt = 0; value == UINT32_MAX && attempt < BINS - 1; attempt++)
                value = smallest[lenders[bin * (BINS - 1) + attempt]];
            minima[d * BINS + bin] = (uint16_t)value;
        }
        shingles[d] = (uint32_t)count;
    }
}
