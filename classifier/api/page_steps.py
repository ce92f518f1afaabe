"""What a person should do now, by band and kind of risk, and the names of the countries that have advice."""

from __future__ import annotations

from collections.abc import Mapping

from classifier.schema import Band, Language

_ASK_ID = "Minta orang lain ikut membaca: keluarga, ketua RT, guru, atau perangkat desa."
_ASK_EN = "Let somebody else read it with you: family, a teacher, a neighbour, the village office."
STEPS: Mapping[Language, Mapping[tuple[Band, str], tuple[str, ...]]] = {
    "id": {
        ("high", "overseas_lure"): (
            "Jangan berangkat dulu, walau tiketnya sudah dikirim.",
            "Jangan kirim paspor, KTP, KK, foto diri, atau uang.",
            _ASK_ID,
            "Cek perusahaan dan izinnya di tempat resmi di bawah ini.",
            "Sudah telanjur kirim surat-surat atau berjanji berangkat? Itu bukan salahmu dan belum terlambat. Telepon "
            "nomor di bawah ini.",
        ),
        ("high", "job_scam"): (
            "Jangan bayar apa pun: uang pendaftaran, seragam, deposit, atau top up.",
            "Jangan kirim KTP, foto diri, nomor rekening, PIN, atau kode OTP.",
            "Kalau iklannya memakai nama perusahaan, telepon nomor resmi perusahaan itu dan tanya apakah lowongannya benar ada.",
            _ASK_ID,
            "Sudah telanjur membayar? Itu bukan salahmu. Simpan bukti chat dan transfer, telepon bankmu, lalu lapor polisi.",
        ),
        ("review", "overseas_lure"): (
            "Jangan buru-buru. Tunda dulu mengirim paspor, KTP, atau uang.",
            "Tanyakan nama perusahaan, alamat kantor, gaji, jam kerja, kontrak, visa kerja, dan izin agensinya.",
            _ASK_ID,
            "Cek jawabannya di tempat resmi di bawah ini sebelum memutuskan.",
        ),
        ("review", "job_scam"): (
            "Jangan buru-buru. Tunda dulu membayar atau mengirim KTP dan nomor rekening.",
            "Cari nomor resmi perusahaannya sendiri, jangan yang ada di iklan, lalu tanya apakah lowongannya benar ada.",
            _ASK_ID,
            "Kalau tetap diminta uang di depan, sebaiknya tinggalkan.",
        ),
        ("low", ""): (
            "Tetap pastikan nama perusahaan, alamat, gaji, jam kerja, dan kontraknya.",
            "Lowongan jujur tidak minta uang di depan dan tidak menahan paspor atau KTP.",
            "Kalau kerjanya di luar negeri, cek dulu izin agensinya sebelum berangkat.",
            "Kalau hatimu ragu, tanya orang yang kamu percaya.",
        ),
    },
    "en": {
        ("high", "overseas_lure"): (
            "Do not go yet, even if the ticket has been sent.",
            "Do not send your passport, identity card, family papers, photo or money.",
            _ASK_EN,
            "Check the company and its permit with the office named below.",
            "Have you sent papers already, or promised to go? It is not your fault and not too late. Call the number below.",
        ),
        ("high", "job_scam"): (
            "Do not pay anything: no registration, uniform, deposit or top-up.",
            "Do not send your identity card, photo, bank account, PIN or one-time code.",
            "If the ad uses a company's name, call that company's official number and ask whether the opening is real.",
            _ASK_EN,
            "Have you paid already? It is not your fault. Keep the chat and the receipt, call your bank, then tell the police.",
        ),
        ("review", "overseas_lure"): (
            "Do not hurry. Hold back your passport, identity card and money for now.",
            "Ask for the company's name, the office address, pay, hours, contract, work visa and the agency's permit.",
            _ASK_EN,
            "Check the answers with the office named below before you decide.",
        ),
        ("review", "job_scam"): (
            "Do not hurry. Hold back payments, your identity card and your bank account for now.",
            "Find the company's official number yourself, not the one in the ad, and ask whether the opening is real.",
            _ASK_EN,
            "If they still want money first, better leave it.",
        ),
        ("low", ""): (
            "Still make sure of the company's name, address, pay, hours and contract.",
            "An honest job asks no money first and keeps neither your passport nor your identity card.",
            "If the job is abroad, check the agency's permit before you go.",
            "If your heart is in doubt, ask somebody you trust.",
        ),
    },
}

COUNTRIES: Mapping[str, Mapping[Language, str]] = {
    code: {"id": name_id, "en": name_en}
    for code, name_id, name_en in (
        ("ID", "Indonesia", "Indonesia"),
        ("PH", "Filipina", "Philippines"),
        ("TH", "Thailand", "Thailand"),
        ("MY", "Malaysia", "Malaysia"),
        ("SG", "Singapura", "Singapore"),
        ("VN", "Vietnam", "Viet Nam"),
        ("MM", "Myanmar", "Myanmar"),
        ("KH", "Kamboja", "Cambodia"),
        ("LA", "Laos", "Laos"),
        ("BN", "Brunei", "Brunei"),
        ("TL", "Timor-Leste", "Timor-Leste"),
        ("CN", "Tiongkok", "China"),
        ("IN", "India", "India"),
        ("KE", "Kenya", "Kenya"),
    )
}
