"""Salary mentions as people write them, in the eleven languages of the corpus, and what only looks like one."""

from __future__ import annotations

import re
import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.salary import SalaryMention, default_currency_of, find_salaries
from classifier.salary_context import _may_be_followed
from classifier.salary_places import ANYTHING, Where
from classifier.salary_surroundings import PAY_AFTER, PERIOD_AFTER, WORDS_AFTER
from classifier.schema import joined_text
from classifier.text import normalise

# language | text | currency low high period; ...
MENTIONS = """
id | Gaji 7-16 juta per bulan | IDR 7e6 16e6 month
id | gaji pokok 7jt s/d 16jt + bonus | IDR 7e6 16e6 month
id | Rp 7.000.000,- s/d Rp 16.000.000,- | IDR 7e6 16e6 month
id | Gaji Rp. 4.500.000/bulan | IDR 4.5e6 4.5e6 month
id | gaji 4,5jt/bln + uang makan | IDR 4.5e6 4.5e6 month
id | Upah 150rb/hari makan 2x | IDR 150e3 150e3 day
id | upah harian Rp120.000 | IDR 120e3 120e3 day
id | honor Rp 55.000 per jam | IDR 55e3 55e3 hour
id | gaji 12 jutaan bersih sebulan | IDR 12e6 12e6 month
id | USD 800-1200/bulan | USD 800 1200 month
id | gaji $1.500 nett | USD 1500 1500 month
id | gaji 1000$ - 1500$ per bulan | USD 1000 1500 month
id | penghasilan 2.500 dolar | USD 2500 2500 month
id | basic 1k - 2k USD | USD 1000 2000 month
id | GAJI 2,5-4 JT | IDR 2.5e6 4e6 month
id | sallary 5jt-7jt nego | IDR 5e6 7e6 month
id | Rp7juta sampai Rp12juta | IDR 7e6 12e6 month
id | fee 500 ribu per minggu | IDR 500e3 500e3 week
id | 700rb/minggu, kerja dari rumah | IDR 700e3 700e3 week
id | gaji 3 juta 500 ribu | IDR 3.5e6 3.5e6 month
id | gaji lima juta rupiah | IDR 5e6 5e6 month
id | gaji dua belas juta sebulan | IDR 12e6 12e6 month
id | gaji dua puluh juta, tiket ditanggung | IDR 20e6 20e6 month
id | gajinya sepuluh juta bos | IDR 10e6 10e6 month
id | gaji 800-1,2 juta | IDR 800e3 1.2e6 month
id | upah ¥184.000 sebelum potongan | JPY 184e3 184e3 month
id | gaji ฿28.000 makan & kondo | THB 28e3 28e3 month
id | S$1.400 pokok, lembur ada | SGD 1400 1400 month
id | NT$29.000 kontrak 3 tahun | TWD 29e3 29e3 month
id | gaji HK$4.990 per bulan | HKD 4990 4990 month
id | RM 1.700 sebulan | MYR 1700 1700 month
id | gaji 4.500.000 | IDR 4.5e6 4.5e6 month
id | Gaji: 5000000/bulan | IDR 5e6 5e6 month
id | remunerasi 17.000.000 kip per bulan | LAK 17e6 17e6 month
id | 1.700 USDT per bulan | USDT 1700 1700 month
id | gaji USD 48.000 per tahun | USD 48000 48000 year
id | gaji 8jt an dong | IDR 8e6 8e6 month
id | gaji g4ji 9jt langsung kerja | IDR 9e6 9e6 month
id | ₩2.100.000 per bulan untuk EPS | KRW 2.1e6 2.1e6 month
id | gaji 1.500 dan komisi 5% | USD 1500 1500 month
id | gaji 5jt + komisi 3-5% | IDR 5e6 5e6 month
id | biaya pendaftaran Rp 250.000 | IDR 250e3 250e3 once
id | 1 like = Rp 5.000 per tugas | IDR 5000 5000 once
ms | Gaji RM1,700 sebulan | MYR 1700 1700 month
ms | RM 2,500 - RM 3,500 | MYR 2500 3500 month
ms | gaji pokok rm1800 + ot | MYR 1800 1800 month
ms | RM8/jam part time | MYR 8 8 hour
ms | gaji RM 80 sehari | MYR 80 80 day
ms | RM2.5k-RM4k basic | MYR 2500 4000 month
ms | pendapatan 3 ribu ringgit sebulan | MYR 3000 3000 month
ms | gaji lumayan 9k-18k | MYR 9000 18000 month
ms | gaji 2000 hingga 3000 | MYR 2000 3000 month
ms | Gaji: RM1,500.00 - RM2,200.00 | MYR 1500 2200 month
ms | SGD 1,800 per month kerja JB | SGD 1800 1800 month
ms | gaji usd1k keatas sebulan | USD 1000 1000 month
ms | gaji dua ribu ringgit | MYR 2000 2000 month
ms | komisen RM50 setiap unit, basic RM1200 | MYR 1200 1200 month; MYR 50 50 month
ms | upah RM 70/hari bayar cash | MYR 70 70 day
ms | RM 15k sebulan, satu sen pun tak perlu bayar | MYR 15e3 15e3 month
ms | gaji b$900 sebulan di Brunei | BND 900 900 month
ms | Gaji RM1700 hingga RM2300 | MYR 1700 2300 month
ms | gaji 1.7k je | MYR 1700 1700 month
ms | RM450 seminggu | MYR 450 450 week
ms | gaji tahunan RM36,000 | MYR 36000 36000 year
tl | ₱25,000 per month | PHP 25e3 25e3 month
tl | sahod ₱18k-₱25k | PHP 18e3 25e3 month
tl | sweldo 25k kada buwan | PHP 25e3 25e3 month
tl | P20,000 - P25,000 a month | PHP 20e3 25e3 month
tl | Php 645/day plus allowance | PHP 645 645 day
tl | PHP 600 per day | PHP 600 600 day
tl | sahod: PHP 105,000.00 kada buwan | PHP 105e3 105e3 month
tl | 35-40k monthly | PHP 35e3 40e3 month
tl | ₱550 kada araw | PHP 550 550 day
tl | bayad 500 pesos bawat araw | PHP 500 500 day
tl | $750 kada buwan, libre tirahan | USD 750 750 month
tl | base ₱55k to 70k plus 8% commission | PHP 55e3 70e3 month
tl | 25 libo kada buwan | PHP 25e3 25e3 month
tl | limang libo kada linggo | PHP 5000 5000 week
tl | ₱90/hour | PHP 90 90 hour
tl | sahod na ₱22,000 hanggang ₱25,000 | PHP 22e3 25e3 month
tl | 3.5 million riel ang sahod | KHR 3.5e6 3.5e6 month
tl | 24k baht bawat buwan | THB 24e3 24e3 month
tl | 2,000u plus ticket | USDT 2000 2000 month
tl | sahod 15000-18000 | PHP 15e3 18e3 month
tl | basic pay 16,000 + incentives | PHP 16e3 16e3 month
tl | rm3,400 plus service charge | MYR 3400 3400 month
tl | 40k/mo ang alok | PHP 40e3 40e3 month
tl | reservation fee ₱4,999 | PHP 4999 4999 once
vi | Lương 15-20 triệu/tháng | VND 15e6 20e6 month
vi | lương 10tr - 15tr | VND 10e6 15e6 month
vi | lương cứng 7tr5 + hoa hồng | VND 7.5e6 7.5e6 month
vi | 12tr/tháng bao ăn ở | VND 12e6 12e6 month
vi | lương 25 triệu | VND 25e6 25e6 month
vi | 10-12 củ một tháng | VND 10e6 12e6 month
vi | lương 3 chai tuần | VND 3e6 3e6 month
vi | 350k/ngày công | VND 350e3 350e3 day
vi | 25k/giờ, ca tối | VND 25e3 25e3 hour
vi | lương 10.500.000đ | VND 10.5e6 10.5e6 month
vi | 8.000.000 - 12.000.000 VNĐ | VND 8e6 12e6 month
vi | lương 700 đô | USD 700 700 month
vi | lương 1.100 USD | USD 1100 1100 month
vi | 1.500 – 1.900 USD | USD 1500 1900 month
vi | lương cứng 1k8 đô | USD 1800 1800 month
vi | lương cứng 1k8 cộng 12% | USD 1800 1800 month
vi | 800-1000$ mỗi tháng | USD 800 1000 month
vi | lương 8 ngàn tệ | CNY 8000 8000 month
vi | lương cơ bản 28.590 Đài tệ | TWD 28590 28590 month
vi | 198.000 – 215.000 yên | JPY 198e3 215e3 month
vi | lương cơ bản 3.200 AED | AED 3200 3200 month
vi | lương hai mươi triệu | VND 20e6 20e6 month
vi | thu nhập 300 nghìn mỗi ngày | VND 300e3 300e3 day
vi | 1tr5 một tuần | VND 1.5e6 1.5e6 week
vi | lương 96 triệu dôi dư | VND 96e6 96e6 month
vi | lương năm 400 triệu/năm | VND 400e6 400e6 year
vi | lương 35.000 peso | PHP 35e3 35e3 month
vi | phí hồ sơ: 280.000đ | VND 280e3 280e3 once
vi | đặt cọc 1tr5 giữ chỗ | VND 1.5e6 1.5e6 once
th | เงินเดือน 25,000 บาท | THB 25e3 25e3 month
th | เงินเดือน 20,000 - 24,000 บาท | THB 20e3 24e3 month
th | รายได้ 3-5 หมื่นต่อเดือน | THB 30e3 50e3 month
th | 2.5หมื่นบาท/เดือน | THB 25e3 25e3 month
th | เดือนละ 2 หมื่น | THB 20e3 20e3 month
th | วันละ 350 บาท | THB 350 350 day
th | ค่าแรงวันละ 400 | THB 400 400 day
th | เดือนละ 95,000 | THB 95e3 95e3 month
th | ค่าตอบแทน 45k–55k | THB 45e3 55e3 month
th | ชั่วโมงละ 60 บาท | THB 60 60 hour
th | 50 บาท/ชม. | THB 50 50 hour
th | ๑๕,๐๐๐ บาทต่อเดือน | THB 15e3 15e3 month
th | ฿30,000 ต่อเดือน | THB 30e3 30e3 month
th | รายได้ 1 แสนบาท | THB 1e5 1e5 month
th | รายได้หลักแสน 2 แสนต่อเดือน | THB 2e5 2e5 month
th | เงินเดือน 1,400 USD ต่อเดือน | USD 1400 1400 month
th | เงินเดือน 2,000 ดอลลาร์ | USD 2000 2000 month
th | เงินเดือนสองหมื่นบาท | THB 20e3 20e3 month
th | เงินเดือน 3หมื่น5 | THB 35e3 35e3 month
th | เงินเดือน 25,000 ถึง 38,000 | THB 25e3 38e3 month
th | 300–2,000 บาท/วัน | THB 300 2000 day
th | สัปดาห์ละ 5,000 บาท | THB 5000 5000 week
th | 11,000 บาทต่อสัปดาห์ | THB 11e3 11e3 week
th | เงินเดือน 198,000 เยน | JPY 198e3 198e3 month
th | 17 ล้านกีบ ต่อเดือน | LAK 17e6 17e6 month
th | 3,000 เดอร์แฮม ตึกใหม่ | AED 3000 3000 month
th | รายได้ 5 พันบาทต่อวัน | THB 5000 5000 day
th | ค่าสมัคร 1,850 บาท | THB 1850 1850 once
zh | 月薪8千-1万5 | CNY 8000 15000 month
zh | 月薪8000-15000元 | CNY 8000 15000 month
zh | 底薪5,000,每趟另补 | CNY 5000 5000 month
zh | 月薪两万，包吃住 | CNY 20e3 20e3 month
zh | 月入三万到五万 | CNY 30e3 50e3 month
zh | 薪资1.2万/月 | CNY 12e3 12e3 month
zh | 2-3w一个月 | CNY 20e3 30e3 month
zh | 工资1w5起 | CNY 15e3 15e3 month
zh | 20–30k·14薪 | CNY 20e3 30e3 month
zh | 日结300元 | CNY 300 300 day
zh | 一天260元上下 | CNY 260 260 day
zh | 时薪23元 | CNY 23 23 hour
zh | 一小时40刀 | USD 40 40 hour
zh | 月薪800美元 | USD 800 800 month
zh | ￥6,800–9,200元 | CNY 6800 9200 month
zh | 28,000泰铢/月 | THB 28e3 28e3 month
zh | 年薪30万 | CNY 300e3 300e3 year
zh | 月薪新台幣35萬元起 | TWD 350e3 350e3 month
zh | 月薪38,000–45,000泰銖 | THB 38e3 45e3 month
zh | 底薪RM1,800 | MYR 1800 1800 month
zh | 底薪2000U，提成另算 | USDT 2000 2000 month
zh | 月薪120万缅币 | MMK 1.2e6 1.2e6 month
zh | 5k–8k+提成 | CNY 5000 8000 month
zh | 工资七千五 | CNY 7500 7500 month
zh | 周薪3000 | CNY 3000 3000 week
zh | 月薪約₩2,500,000 | KRW 2.5e6 2.5e6 month
zh | 押金2000元 | CNY 2000 2000 once
zh | 月薪1,500美金+提成3% | USD 1500 1500 month
my | လစာ 8 သိန်းမှ 11 သိန်း | MMK 8e5 11e5 month
my | လစာ ၁၀ သိန်း | MMK 10e5 10e5 month
my | လစာ 4 သိန်း 8 သောင်း | MMK 480e3 480e3 month
my | လစာ 5 သိန်းခွဲ | MMK 550e3 550e3 month
my | လစာ သိန်း 30 ရမယ် | MMK 30e5 30e5 month
my | တစ်လ သိန်း 20 | MMK 20e5 20e5 month
my | လစာ ငါးသိန်း | MMK 5e5 5e5 month
my | လစာ 350,000 ကျပ် | MMK 350e3 350e3 month
my | တစ်ရက် 2 သောင်း | MMK 20e3 20e3 day
my | တစ်ရက် 28000 ကျပ် | MMK 28e3 28e3 day
my | နေ့စား 15000 ကျပ် | MMK 15e3 15e3 day
my | လစာ ဒေါ်လာ 700 ကနေ 850 | USD 700 850 month
my | လစာ usd 3,000 | USD 3000 3000 month
my | 1300-1800$ တစ်လ | USD 1300 1800 month
my | လစာ ဘတ် 3 သောင်း | THB 30e3 30e3 month
my | ဘတ် 15000 တစ်လ | THB 15e3 15e3 month
my | လစာ ယွမ် 15,000 | CNY 15e3 15e3 month
my | 1,500u အခြေခံ | USDT 1500 1500 month
my | တစ်နာရီ 28 ဒေါ်လာ | USD 28 28 hour
my | 2.8 သိန်း + ကော်မရှင် | MMK 280e3 280e3 month
my | လစာ 450000/လ | MMK 450e3 450e3 month
my | တစ်ပတ် 1 သိန်း | MMK 1e5 1e5 week
my | စပေါ် 1 သိန်း ဦးစွာ | MMK 1e5 1e5 once
km | ប្រាក់ខែ 200-250$ | USD 200 250 month
km | ប្រាក់ខែ ៥០០ដុល្លារ | USD 500 500 month
km | ប្រាក់ខែចាប់ពី 450 ទៅ 620 ដុល្លារ | USD 450 620 month
km | $800 ក្នុងមួយខែ | USD 800 800 month
km | 300$/ខែ | USD 300 300 month
km | ប្រាក់ខែ 1,300$ | USD 1300 1300 month
km | ប្រាក់ខែ 600 ដល់ 800 ដុល្លារ | USD 600 800 month
km | ប្រាក់ឈ្នួល ៨០ម៉ឺនរៀល | KHR 800e3 800e3 month
km | ប្រាក់ខែ ១លានរៀល | KHR 1e6 1e6 month
km | ប្រាក់ខែ 6.000.000 រៀល | KHR 6e6 6e6 month
km | 40,000 រៀលក្នុងមួយថ្ងៃ | KHR 40e3 40e3 day
km | 15$/ថ្ងៃ | USD 15 15 day
km | 12 ដុល្លារក្នុងមួយម៉ោង | USD 12 12 hour
km | ឈ្នួល 70 ម៉ឺន/ខែ | KHR 700e3 700e3 month
km | ខែ 800ដុលា | USD 800 800 month
km | បានខែ 1,100 usdt | USDT 1100 1100 month
km | ប្រាក់ខែ ប្រាំរយដុល្លារ | USD 500 500 month
km | ប្រាក់ខែ 500 | USD 500 500 month
km | ប្រាក់ខែ 18,000 បាត | THB 18e3 18e3 month
km | ៛800,000 ក្នុងមួយខែ | KHR 800e3 800e3 month
km | ប្រាក់ 14 លានដុង | VND 14e6 14e6 month
km | ប្រាក់ខែ 1k-2k$ | USD 1000 2000 month
lo | ເງິນເດືອນ 2 ລ້ານກີບ | LAK 2e6 2e6 month
lo | ເງິນເດືອນ 6,5-8 ລ້ານກີບ | LAK 6.5e6 8e6 month
lo | 7 ຫາ 9 ລ້ານກີບ | LAK 7e6 9e6 month
lo | ເງິນເດືອນ 4.000.000 ກີບ | LAK 4e6 4e6 month
lo | ເງິນເດືອນ 3,5 ລ້ານ | LAK 3.5e6 3.5e6 month
lo | ມື້ລະ 70.000 ກີບ | LAK 70e3 70e3 day
lo | ມື້ລະ 150 ພັນ | LAK 150e3 150e3 day
lo | 35,000-60,000 ບາດ | THB 35e3 60e3 month
lo | 28,000 ບາດ ຫາ 45,000 ບາດ | THB 28e3 45e3 month
lo | ເງິນເດືອນ 14 ພັນບາດ | THB 14e3 14e3 month
lo | ອາທິດລະ 8,000 ບາດ | THB 8000 8000 week
lo | ເງິນເດືອນ 520-600 ໂດລາ | USD 520 600 month
lo | 480-550$ ຕໍ່ເດືອນ | USD 480 550 month
lo | $900 ຕໍ່ເດືອນ | USD 900 900 month
lo | ລາຍຮັບ 41.000 ເປໂຊ/ເດືອນ | PHP 41e3 41e3 month
lo | 188.000 ເຢັນ | JPY 188e3 188e3 month
lo | ເງິນເດືອນ 16-18 ລ້ານດົງ | VND 16e6 18e6 month
lo | ເງິນເດືອນ ຫ້າລ້ານກີບ | LAK 5e6 5e6 month
lo | ₭3,000,000/ເດືອນ | LAK 3e6 3e6 month
lo | ເງິນເດືອນ ໒.໕ ລ້ານ | LAK 2.5e6 2.5e6 month
lo | 5,000 ຢວນຕໍ່ເດືອນ | CNY 5000 5000 month
lo | ຊົ່ວໂມງລະ 20.000 ກີບ | LAK 20e3 20e3 hour
hi | वेतन ₹25,000 महीना | INR 25e3 25e3 month
hi | वेतन 21,500 से 24,000 मासिक | INR 21500 24000 month
hi | सैलरी 22 हज़ार | INR 22e3 22e3 month
hi | सैलरी 15 हजार रुपये महीना | INR 15e3 15e3 month
hi | 3.5 लाख सालाना | INR 350e3 350e3 year
hi | 45–70 लाख सालाना | INR 45e5 70e5 year
hi | वेतन बीस हज़ार रुपये | INR 20e3 20e3 month
hi | डेढ़ लाख रुपये महीना | INR 150e3 150e3 month
hi | ₹2,500–6,000 रोज़ | INR 2500 6000 day
hi | 500 रुपये प्रतिदिन | INR 500 500 day
hi | 950 से 1,200 डॉलर | USD 950 1200 month
hi | 1,300 dollar mahina | USD 1300 1300 month
hi | वेतन SAR 1,100 | SAR 1100 1100 month
hi | vetan usd 420 प्रति सप्ताह | USD 420 420 week
hi | वेतन 2,000 दिरहम | AED 2000 2000 month
hi | salary 18-22 hazar mahina | INR 18e3 22e3 month
hi | ₹1,20,000 per month | INR 120e3 120e3 month
hi | Rs. 15,000/- per month | INR 15e3 15e3 month
hi | ₹1.4L p.m. | INR 140e3 140e3 month
hi | 6 LPA package | INR 6e5 6e5 year
hi | वेतन 3,200 से 4,500 अमेरिकी डॉलर | USD 3200 4500 month
hi | तनख्वाह 30,000 + भत्ता | INR 30e3 30e3 month
hi | 100 रुपये घंटा | INR 100 100 hour
en | $2,000-$4,000 per month | USD 2000 4000 month
en | Salary: US$ 1,000 – 1,200 | USD 1000 1200 month
en | USD1k to USD2k a month | USD 1000 2000 month
en | 25k – 30k THB monthly | THB 25e3 30e3 month
en | THB 75,000 for a sales specialist | THB 75e3 75e3 month
en | earn up to $300 a day | USD 300 300 day
en | $15/hr, weekends off | USD 15 15 hour
en | £10.20/hr | GBP 10.2 10.2 hour
en | $500 weekly | USD 500 500 week
en | €2,950 before recognition | EUR 2950 2950 month
en | AED 3,500 + commission | AED 3500 3500 month
en | 9,600 baht monthly | THB 9600 9600 month
en | monthly salary of KSh 40,000 | KES 40e3 40e3 month
en | UGX 1.2m per month | UGX 1.2e6 1.2e6 month
en | N150,000 monthly | NGN 150e3 150e3 month
en | GHS 2,500/month | GHS 2500 2500 month
en | R8,000 per month | ZAR 8000 8000 month
en | two thousand dollars a month | USD 2000 2000 month
en | basic 1,200 dollar and ticket | USD 1200 1200 month
en | USDT 2,100 + share | USDT 2100 2100 month
en | HK$4,990 per month | HKD 4990 4990 month
en | SGD 1,300 basic | SGD 1300 1300 month
en | $48,000 per year | USD 48e3 48e3 year
en | A$30 an hour | AUD 30 30 hour
en | C$3,400 per month | CAD 3400 3400 month
en | QAR 2,000 plus food | QAR 2000 2000 month
en | tk 26,000 per month | BDT 26e3 26e3 month
en | LKR 1.9 lakh pm | LKR 190e3 190e3 month
en | npr 95,000, room and dal bhat | NPR 95e3 95e3 month
en | $1,750 to go live, $0.75 per audio minute | USD 1750 1750 month; USD 0.75 0.75 once
en | 4,900 PLN gross | PLN 4900 4900 month
en | GEL 1,970 a month | GEL 1970 1970 month
en | salary 1,200.50 USD | USD 1200.5 1200.5 month
en | pay is 2k$ monthly | USD 2000 2000 month
en | RM 9,000 to RM 18,000 | MYR 9000 18000 month
en | KWD 250 per month | KWD 250 250 month
en | refundable deposit of $150 | USD 150 150 once
en | joining bonus USD 800 | USD 800 800 once
"""

NOTHING = """
id | Usia 18-35 tahun, tinggi 165 cm
id | Hubungi WA 0812-3456-7890
id | Jam kerja 08.00-17.00, Senin sampai Jumat
id | Kontrak 2 tahun, libur 4 hari sebulan
id | Interview tanggal 12/05/2025 di kantor
id | Lowongan 2025, butuh 50 orang
id | Jl. Sudirman No. 123 RT 05/02, Jakarta 12190
id | 10 ribu followers di instagram
id | komisi 5-10% per transaksi
id | pengalaman minimal 3 tahun
id | SIPEMI 306/2020 resmi
id | 3 juta orang pengguna aktif
id | gaji UMK, kerja 8 jam
id | gaji dibayar tiap tanggal 25
id | kode pos 31650 perak
ms | umur 21 hingga 45 tahun
ms | telefon 012-345 6789 sekarang
ms | temuduga 15 Mac 2025 jam 10.00 pagi
ms | 30 kekosongan di Kuala Lumpur 50450
ms | cuti 14 hari setahun
tl | edad 20-30, 5'2" pataas
tl | tumawag sa 0917 123 4567
tl | license DMW-218-LB-03152024-R
tl | 10 slots na lang, lipad sa ika-14
tl | 8am-5pm, Lunes hanggang Sabado
tl | 12 oras kada araw, 2 araw pahinga
vi | tuổi 18-28, cao 1m60
vi | SĐT 0987.654.321 gặp Lan
vi | giấy phép 264/LĐTBXH-GP
vi | làm 10h-22h, nghỉ 2 ngày
vi | hợp đồng 6 tháng, nghỉ 4 ngày tháng
vi | cần 100 công nhân nữ
vi | nắng 45 độ, ngày 19/11
vi | 3 triệu người dùng
th | อายุ 18-35 ปี สูง 160 ซม
th | โทร 081-234-5678 คุณเอ
th | เวลา 8.00-17.00 น. หยุดวันอาทิตย์
th | รับ 20 อัตรา ปิดรับ 28 ก.พ. 2568
th | เลขที่ ต.2381/2561
th | วันละ 30 คนขึ้นไป
th | สัญญา 12 เดือน ทดลองงาน 119 วัน
th | ผู้ติดตาม 5 พันคน
zh | 年龄18-36岁，身高165cm
zh | 电话13812345678 微信同号
zh | 报名到5月20日截止
zh | 招聘120名，早班7:00–15:30
zh | 岗位4,300余个，企业126家
zh | 三年以上经验，合同两年
zh | 粉丝10万人
zh | 2025年3月7日上午九点
my | အသက် 18-35 နှစ်
my | ဖုန်း 09-123456789
my | မနက် 9 နာရီမှ ညနေ 5 နာရီ
my | ၁၀ ယောက် ခေါ်သည်
my | အလုပ် 100 ရာခိုင်နှုန်း ရမယ်
km | អាយុ 18-35 ឆ្នាំ
km | ទូរស័ព្ទ 012 345 678
km | ម៉ោង 8-17 ថ្ងៃចន្ទ
km | ត្រូវការ 20 នាក់
lo | ອາຍຸ 18-35 ປີ ສູງ 155 ຊມ
lo | ໂທ 020 5555 1234
lo | ຮັບ 10 ຄົນ ເຮັດວຽກ 12 ຊົ່ວໂມງ
lo | ວັນທີ 20/05/2025
hi | उम्र 21 से 38 साल
hi | फ़ोन 98765 43210
hi | 60 लोगों की भर्ती, 8 घंटे ड्यूटी
hi | licence B-1147/LKO/PER/1000+/5/9873/2021
en | Age 18 to 35, height 160 cm
en | Call +1 415 555 2671 now
en | Open 24/7, 9am to 5pm
en | 5 years experience, start 6 May 2025
en | 40 percent commission
en | 12-hour shifts, 6 days a week
en | 10k followers on TikTok
en | Room 204, 15 Main Street, NY 10001
en | typing 40 words per minute
en | version 1.2.3 build 2024
en | 3 million people watched it
en | PHP 8 developer, 4K video, 5G
en | salary paid on the 25th
en | salary paid every 2 weeks
en | TT$11,200 a month
"""

Row = tuple[str, float, float, str]


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def expected_of(cell: str) -> list[Row]:
    parts = [part.split() for part in cell.split(";")]
    return [(code, float(low), float(high), period) for code, low, high, period in parts]


def read(language: str, text: str) -> list[SalaryMention]:
    return find_salaries(normalise(text).text, default_currency_of(language))


def found_in(language: str, text: str) -> list[Row]:
    return [(m.currency, round(m.low, 6), round(m.high, 6), m.period) for m in read(language, text)]


def test_table_is_large_and_in_all_languages_when_counted() -> None:
    languages = Counter(row[0] for row in rows(MENTIONS))
    assert sum(languages.values()) >= 220
    assert len(rows(NOTHING)) >= 60
    assert set(languages) == {"id", "ms", "tl", "vi", "th", "zh", "my", "km", "lo", "hi", "en"}
    assert min(languages.values()) >= 20


def test_precision_and_recall_are_high_when_the_whole_table_is_read() -> None:
    right = wrong = missed = 0
    for language, text, cell in rows(MENTIONS) + [[*row, ""] for row in rows(NOTHING)]:
        expected, found = Counter(expected_of(cell) if cell else []), Counter(found_in(language, text))
        right += (expected & found).total()
        wrong += (found - expected).total()
        missed += (expected - found).total()
        if expected != found:
            print(language, text, "expected", dict(expected), "found", dict(found))
    precision, recall = right / (right + wrong), right / (right + missed)
    print(f"precision {precision:.3f}, recall {recall:.3f} over {right + missed} mentions")
    assert precision >= 0.95
    assert recall >= 0.95


PIECES = [
    *"k -–.,/%:+$13十三",
    "rp",
    "usd",
    " 20",
    "007",
    " juta",
    "two ",
    "to ",
    "gaji ",
    "per bulan",
    "a month",
    "thu ",
    "hr",
    "2024",
    "fee ",
    "new zealand dollars ",
    "1.500",
]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_what_is_passed_over_is_no_money(text: str) -> None:
    assert_nothing_is_passed_over(text)


def test_what_is_passed_over_in_real_postings_is_no_money(corpus) -> None:
    for row in corpus[::7]:
        assert_nothing_is_passed_over(normalise(joined_text(row.posting)).text)


def assert_nothing_is_passed_over(text: str) -> None:
    """The same mentions are found when every number and unit is looked at."""
    where = Where.of(text)
    begins = [at for at in range(len(text)) if not re.match("[a-z0-9][a-z]", text[max(at - 1, 0) :]) or not at]
    everything = Where([(start, end, ANYTHING, start) for start, end, *_ in where.numbers], begins)
    assert find_salaries(text, "IDR", where) == find_salaries(text, "IDR", everything)


def test_a_word_belongs_to_an_amount_across_a_long_name_of_its_currency() -> None:
    (mention,) = find_salaries("deposit as agreed, new zealand dollars 500")
    assert (mention.currency, mention.period) == ("NZD", "once")


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from([*" ([/+%", *WORDS_AFTER, "hour", "bulan", "วัน", "komisi", "sale"]), max_size=6).map("".join))
def test_every_period_is_tried_where_one_may_follow(text: str) -> None:
    if PERIOD_AFTER.match(text) or PAY_AFTER.match(text):
        assert _may_be_followed(text, 0)


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["1", "1.1.", "juta ", " ", "rp ", "1 juta ", "1-2-", "一", "万", "000,", "$"])
def test_time_grows_with_the_length_when_the_text_is_hostile(piece: str) -> None:
    def seconds(characters: int) -> float:
        text = piece * (characters // len(piece))
        started = time.perf_counter()
        find_salaries(text, "IDR")
        return time.perf_counter() - started

    seconds(1000)
    assert seconds(400_000) < 24 * max(seconds(50_000), 0.01)  # 8 in proportion, 64 if it were quadratic
