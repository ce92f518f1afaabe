"""What the page says, in Indonesian and English: plain words, kind, no blame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from classifier.schema import Band, Language

Texts = Mapping[str, Any]
MAX_AD = 20_000
"""Characters of one ad; more is several ads, or none."""

_ID: dict[str, Any] = {
    "site": "Cek Iklan Kerja",
    "title": "Cek iklan kerja sebelum berangkat",
    "lead": "Dapat tawaran kerja? Tempel iklannya di sini. Kami bantu lihat apakah isinya mirip umpan yang dipakai untuk membawa "
    "orang ke markas penipuan, atau mirip penipuan kerja yang lain. Gratis, tanpa mendaftar.",
    "skip_link": "Langsung ke isi",
    "language": "Bahasa",
    "ad_label": "Isi iklan",
    "ad_hint": "Salin dari WhatsApp, Telegram, atau Facebook, lalu tempel. Makin lengkap makin baik: gaji, tempat, syarat, kontak.",
    "file_label": "Atau pilih berkas teks (.txt)",
    "file_drop": "Berkas bisa juga diseret ke kotak di atas.",
    "submit": "Periksa iklan ini",
    "again": "Periksa iklan lain",
    "afresh": "Mulai dari awal",
    "privacy": "Iklannya tidak kami simpan, kecuali kamu sendiri yang mengirim koreksi.",
    "count": "{n} dari {max} huruf",
    "not_kept": "Iklannya panjang, jadi tidak kami tampilkan lagi di kotak ini.",
    "errors_title": "Ada yang perlu dibetulkan",
    "error_empty": "Isi iklan masih kosong. Tempel dulu iklannya di kotak “Isi iklan”.",
    "error_long": "Isi iklan terlalu panjang: {n} huruf, padahal paling banyak {max}. Tempel satu iklan saja di kotak “Isi iklan”.",
    "error_file": "Berkas itu bukan teks biasa (.txt). Buka berkasnya, salin isinya, lalu tempel di kotak “Isi iklan”.",
    "error_origin": "Kiriman ini tidak datang dari halaman ini, jadi tidak kami terima. Coba lagi dari kotak “Isi iklan”.",
    "error_model": "Pemeriksanya belum siap. Tunggu satu menit, lalu coba lagi dari kotak “Isi iklan”.",
    "error_network": "Tidak tersambung. Isi iklanmu masih ada di kotak. Periksa sinyal, lalu coba lagi.",
    "error_changed": "Isi iklan sudah berubah sejak diperiksa. Periksa lagi dulu, baru kirim koreksi.",
    "error_verdict": "Pilih dulu menurutmu iklan ini apa.",
    "checking": "Sedang diperiksa…",
    "ready": "Jawabannya sudah ada.",
    "answer": "Jawaban",
    "do_title": "Yang perlu dilakukan sekarang",
    "call_title": "Cek ke mana, telepon siapa",
    "unsure_title": "Masih ragu? Cek atau telepon di sini",
    "check": "Cek",
    "call": "Telepon atau lapor",
    "why_title": "Kenapa jawabannya begitu",
    "your_ad": "Iklan yang kamu tempel",
    "legend_against": "memberatkan: patut dicurigai",
    "legend_for": "meringankan: lazim di iklan jujur",
    "against_title": "Yang memberatkan",
    "for_title": "Yang meringankan",
    "no_signs": "Tidak ada kata atau tanda yang menonjol di iklan ini.",
    "more": "Lihat {n} alasan lagi",
    "also_title": "Perlu diketahui juga",
    "also_hint": "Ini ada di iklan, tetapi tidak menambah kecurigaan kali ini.",
    "sign_against": "memberatkan, nomor",
    "sign_for": "meringankan, nomor",
    "left_out": "Tidak ada di iklan.",
    "words_against": "Kata-kata yang sering ada di iklan penipu",
    "words_for": "Kata-kata yang sering ada di iklan jujur",
    "cut": "… bagian ini tidak ditampilkan …",
    "limits": "Mesin ini hanya membaca tulisan. Ia bisa keliru, dan tidak tahu siapa di balik iklan.",
    "wrong_title": "Menurutmu jawaban ini keliru?",
    "wrong_hint": "Beri tahu kami. Iklan dan catatanmu disimpan, lalu dibaca orang. Jangan tulis nama atau nomormu.",
    "wrong_question": "Menurutmu iklan ini apa?",
    "verdict_legit": "Lowongan jujur (atau bukan iklan kerja)",
    "verdict_overseas_lure": "Umpan ke markas penipuan",
    "verdict_job_scam": "Penipuan kerja yang lain",
    "note_label": "Kenapa? (boleh kosong)",
    "wrong_submit": "Kirim koreksi",
    "thanks": "Terima kasih. Koreksimu sudah kami simpan dan akan dibaca orang.",
    "store_failed": "Maaf, koreksimu belum tersimpan. Coba lagi sebentar lagi.",
    "signs_title": "Tanda-tanda yang perlu diwaspadai",
    "signs": (
        ("Gaji besar, syarat ringan.", "Belasan juta sebulan, tanpa ijazah, tanpa pengalaman, cukup bisa mengetik."),
        ("Semua ongkos ditanggung.", "Tiket, paspor, dan visa dibayari orang yang belum kamu kenal."),
        ("Perusahaannya tidak jelas.", "Tidak ada nama, alamat, atau izin yang bisa dicek."),
        ("Semua lewat chat.", "Hanya WhatsApp atau Telegram, tanpa kantor yang bisa didatangi."),
        ("Berangkat pakai visa turis.", "Kerja resmi di luar negeri memakai visa kerja dan kontrak sebelum berangkat."),
        ("Minta uang atau data di depan.", "Biaya pendaftaran, deposit, foto KTP, rekening, atau kode OTP."),
        ("Didesak atau disuruh diam.", "“Berangkat minggu ini”, “jangan bilang siapa-siapa”."),
    ),
    "signs_end": "Satu tanda saja belum tentu penipuan; iklan jujur juga ada yang begitu. Kalau beberapa tanda muncul bersama, "
    "berhenti dulu dan tanya orang.",
    "footer": "Jawaban di sini bahan pertimbangan, bukan keputusan. Halaman ini tidak memasang iklan dan tidak melacak siapa pun.",
    "model": "Versi mesin",
}

_EN: dict[str, Any] = {
    "site": "Job Ad Check",
    "title": "Check a job ad before you go",
    "lead": "Were you offered a job? Paste the ad here. We help you see whether it reads like the bait that brings people into "
    "closed scam compounds, or like another job scam. Free, no account.",
    "skip_link": "Skip to content",
    "language": "Language",
    "ad_label": "Text of the ad",
    "ad_hint": "Copy it from WhatsApp, Telegram or Facebook and paste it. The more the better: pay, place, conditions, contact.",
    "file_label": "Or choose a text file (.txt)",
    "file_drop": "You can also drop the file on the box above.",
    "submit": "Check this ad",
    "again": "Check another ad",
    "afresh": "Start afresh",
    "privacy": "We do not keep the ad, unless you send a correction yourself.",
    "count": "{n} of {max} characters",
    "not_kept": "The ad is long, so it is not shown again in this box.",
    "errors_title": "Something needs to be put right",
    "error_empty": "The ad is empty. Paste it into the box “Text of the ad” first.",
    "error_long": "The ad is too long: {n} characters, at most {max} are read. Paste one ad alone into the box “Text of the ad”.",
    "error_file": "That file is not plain text (.txt). Open it, copy what it says, and paste it into the box “Text of the ad”.",
    "error_origin": "This was not sent from this page, so it was not accepted. Try again from the box “Text of the ad”.",
    "error_model": "The checker is not ready yet. Wait a minute, then try again from the box “Text of the ad”.",
    "error_network": "No connection. Your ad is still in the box. Check your signal, then try again.",
    "error_changed": "The ad has changed since it was checked. Check it again first, then send the correction.",
    "error_verdict": "Choose first what you think the ad is.",
    "checking": "Checking…",
    "ready": "The answer is here.",
    "answer": "Answer",
    "do_title": "What to do now",
    "call_title": "Where to check, whom to call",
    "unsure_title": "Still unsure? Check or call here",
    "check": "Check",
    "call": "Call or report",
    "why_title": "Why this answer",
    "your_ad": "The ad you pasted",
    "legend_against": "speaks against the ad: be wary",
    "legend_for": "speaks for the ad: usual in honest ads",
    "against_title": "What speaks against it",
    "for_title": "What speaks for it",
    "no_signs": "No word or sign stands out in this ad.",
    "more": "Show {n} more reasons",
    "also_title": "Good to know as well",
    "also_hint": "This stands in the ad, but did not make it more suspect this time.",
    "sign_against": "speaks against, number",
    "sign_for": "speaks for, number",
    "left_out": "The ad leaves this out.",
    "words_against": "Words that often stand in scammers’ ads",
    "words_for": "Words that often stand in honest ads",
    "cut": "… this part is not shown …",
    "limits": "The machine only reads the text. It can be wrong, and it does not know who is behind the ad.",
    "wrong_title": "Do you think this answer is wrong?",
    "wrong_hint": "Tell us. The ad and your note are kept and read by a person. Please leave out your own name and number.",
    "wrong_question": "What do you think this ad is?",
    "verdict_legit": "An honest job (or no job ad at all)",
    "verdict_overseas_lure": "A lure into a scam compound",
    "verdict_job_scam": "Another job scam",
    "note_label": "Why? (you may leave this empty)",
    "wrong_submit": "Send the correction",
    "thanks": "Thank you. Your correction is kept and a person will read it.",
    "store_failed": "Sorry, your correction was not kept. Please try again in a moment.",
    "signs_title": "Signs to watch for",
    "signs": (
        ("High pay, little asked.", "Many times the usual wage, no diploma, no experience, typing is enough."),
        ("All costs are paid.", "Ticket, passport and visa are paid by somebody you do not know yet."),
        ("The employer is unclear.", "No name, address or permit that you could check."),
        ("Everything by chat.", "WhatsApp or Telegram alone, no office that you could visit."),
        ("You go on a tourist visa.", "Legal work abroad has a work visa and a contract before you leave."),
        ("Money or data first.", "A fee, a deposit, a photo of your identity card, bank account or one-time code."),
        ("You are hurried or told to keep quiet.", "“You leave this week”, “tell nobody”."),
    ),
    "signs_end": "One sign alone is no proof of a scam; honest ads can have it too. When several come together, stop first and "
    "ask somebody.",
    "footer": "What you read here is advice, not a ruling. This page carries no advertising and follows nobody.",
    "model": "Model version",
}

TEXTS: Mapping[Language, Texts] = {"id": _ID, "en": _EN}

HEADLINES: Mapping[Language, Mapping[tuple[Band, str], tuple[str, str]]] = {
    "id": {
        ("high", "overseas_lure"): (
            "Bahaya. Iklan ini sangat mirip umpan ke markas penipuan.",
            "Orang yang ikut tawaran seperti ini pernah disekap di luar negeri dan dipaksa menipu. Jangan berangkat "
            "dulu. Jangan kirim paspor, KTP, atau uang.",
        ),
        ("high", "job_scam"): (
            "Bahaya. Iklan ini sangat mirip penipuan kerja.",
            "Tawaran seperti ini biasanya berakhir dengan uang atau data pribadi yang hilang. Jangan bayar apa pun. "
            "Jangan kirim KTP atau nomor rekening.",
        ),
        ("review", "overseas_lure"): (
            "Hati-hati. Ada tanda umpan di iklan ini.",
            "Belum tentu penipuan, tetapi sebagian isinya mirip umpan ke markas penipuan. Jangan berangkat dan jangan kirim paspor "
            "atau KTP sebelum ada yang memeriksa.",
        ),
        ("review", "job_scam"): (
            "Hati-hati. Ada tanda penipuan kerja di iklan ini.",
            "Belum tentu penipuan, tetapi sebagian isinya mirip. Jangan bayar dan jangan kirim KTP atau nomor rekening sebelum ada "
            "yang memeriksa.",
        ),
        ("low", "overseas_lure"): (
            "Belum jelas. Sebagian isi iklan ini mirip umpan.",
            "Tandanya belum cukup kuat, tetapi juga belum bisa dibilang aman. Jangan berangkat dan jangan kirim paspor atau KTP "
            "sebelum perusahaan dan izinnya dicek.",
        ),
        ("low", "job_scam"): (
            "Belum jelas. Sebagian isi iklan ini mirip penipuan kerja.",
            "Tandanya belum cukup kuat, tetapi juga belum bisa dibilang aman. Jangan bayar dan jangan kirim KTP atau nomor "
            "rekening sebelum perusahaannya dicek.",
        ),
        ("low", ""): (
            "Tidak terlihat tanda kuat umpan atau penipuan.",
            "Ini bukan bukti bahwa iklannya jujur. Penipu yang pandai bisa menulis iklan yang tampak biasa, jadi tetap cek dulu.",
        ),
    },
    "en": {
        ("high", "overseas_lure"): (
            "Danger. This ad reads very much like a lure into a scam compound.",
            "People who took offers like this one were held abroad and forced to cheat others. Do not go yet. Do not "
            "send your passport, identity card or money.",
        ),
        ("high", "job_scam"): (
            "Danger. This ad reads very much like a job scam.",
            "Offers like this one usually end with your money or your personal data gone. Do not pay anything. Do not send your "
            "identity card or bank account.",
        ),
        ("review", "overseas_lure"): (
            "Take care. This ad shows signs of a lure.",
            "It may still be honest, but parts of it read like the bait of scam compounds. Do not go, and do not send "
            "your passport or identity card, before somebody has checked it.",
        ),
        ("review", "job_scam"): (
            "Take care. This ad shows signs of a job scam.",
            "It may still be honest, but parts of it read like one. Do not pay, and do not send your identity card or "
            "bank account, before somebody has checked it.",
        ),
        ("low", "overseas_lure"): (
            "Not clear. Parts of this ad read like a lure.",
            "The signs are not strong, but it cannot be called safe either. Do not go, and do not send your passport or identity "
            "card, before the company and its permit have been checked.",
        ),
        ("low", "job_scam"): (
            "Not clear. Parts of this ad read like a job scam.",
            "The signs are not strong, but it cannot be called safe either. Do not pay, and do not send your identity card or bank "
            "account, before the company has been checked.",
        ),
        ("low", ""): (
            "No strong sign of a lure or scam was found.",
            "This is no proof that the ad is honest. A skilled scammer can write an ad that looks ordinary, so check "
            "it all the same.",
        ),
    },
}
"""Band and risky label -> what it means, and the first thing to do. In `low` a label stands for an ad in doubt
(`Assessment.is_doubtful`), none for the others."""
