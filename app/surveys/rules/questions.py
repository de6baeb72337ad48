"""What is asked: a scale of five, four topics, and a set of questions to begin with. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.kit.errors import Invalid, Refusal

SCALE: Final = 5
MOST: Final = 20
LONGEST: Final = 200
REMARK_MOST: Final = 500
MARKS: Final = {
    5: {"th": "มากที่สุด", "en": "Very satisfied"},
    4: {"th": "มาก", "en": "Satisfied"},
    3: {"th": "ปานกลาง", "en": "Neutral"},
    2: {"th": "น้อย", "en": "Dissatisfied"},
    1: {"th": "น้อยที่สุด", "en": "Very dissatisfied"},
}
TOPICS: Final = {
    "process": {"th": "ขั้นตอนการให้บริการ", "en": "The process"},
    "staff": {"th": "เจ้าหน้าที่", "en": "The staff"},
    "place": {"th": "สถานที่และสิ่งอำนวยความสะดวก", "en": "The place"},
    "quality": {"th": "คุณภาพของการให้บริการ", "en": "The quality of the service"},
}


@dataclass(frozen=True, slots=True)
class Question:
    """One question, answered on the scale; `number` counts from one."""

    number: int
    topic: str
    th: str
    en: str

    @property
    def words(self) -> dict[str, str]:
        """The question in both languages; Thai stands in where there is no English."""
        return {"th": self.th, "en": self.en or self.th}


# Four topics as an applicant of 2568 asked them; the wording is ours, for a counter where
# people come with a matter of law.
DEFAULT: Final = tuple(
    Question(number, topic, th, en)
    for number, (topic, th, en) in enumerate(
        (
            (
                "process",
                "ขั้นตอนเข้าใจง่าย ไม่ยุ่งยาก",
                "The steps were simple and easy to understand",
            ),
            (
                "process",
                "ระยะเวลารอและรับบริการเหมาะสม",
                "The wait and the service took a fair time",
            ),
            (
                "process",
                "บอกเอกสารที่ต้องใช้ชัดเจนและครบในครั้งเดียว",
                "I was told clearly, and at once, which papers were needed",
            ),
            ("staff", "เจ้าหน้าที่สุภาพและเต็มใจให้บริการ", "The staff were polite and willing"),
            (
                "staff",
                "เจ้าหน้าที่ตอบคำถามและให้คำปรึกษาได้ถูกต้อง",
                "The staff answered and advised competently",
            ),
            (
                "staff",
                "เจ้าหน้าที่ให้บริการอย่างเท่าเทียม รักษาความลับ",
                "The staff treated people equally and kept matters private",
            ),
            (
                "place",
                "หาสำนักงานและจุดบริการได้ง่าย",
                "The office and the counter were easy to find",
            ),
            ("place", "สถานที่สะอาด มีที่นั่งรอเพียงพอ", "The place was clean and had enough seats"),
            (
                "place",
                "ผู้สูงอายุและคนพิการใช้สถานที่ได้สะดวก",
                "Older people and people with disabilities could use the place with ease",
            ),
            ("quality", "ได้รับบริการตรงตามที่ต้องการ", "I received the service that I needed"),
            ("quality", "ข้อมูลที่ได้รับนำไปใช้ได้จริง", "What I was told was of use to me"),
            (
                "quality",
                "ความพึงพอใจโดยรวมต่อบริการครั้งนี้",
                "My satisfaction with this service overall",
            ),
        ),
        start=1,
    )
)


def refusal_of_questions(questions: Sequence[Question]) -> Refusal | None:
    """Why these cannot be the questions of a survey."""
    if not questions:
        return Invalid(
            "survey.no-question", "ต้องมีคำถามอย่างน้อยหนึ่งข้อ", "Ask at least one question."
        )
    if len(questions) > MOST:
        return Invalid(
            "survey.many-questions",
            f"ตั้งคำถามได้ไม่เกิน {MOST} ข้อ",
            f"Ask at most {MOST} questions.",
        )
    texts = [each.th for each in questions]
    for each in questions:
        if (
            each.topic not in TOPICS
            or not 1 <= len(each.th) <= LONGEST
            or len(each.en) > LONGEST
        ):
            return Invalid(
                "survey.question",
                f"คำถามข้อ {each.number} ต้องมีภาษาไทย และยาวไม่เกิน {LONGEST} ตัวอักษร",
                f"Question {each.number} needs Thai words, at most {LONGEST} signs.",
            )
        if texts.count(each.th) > 1:
            return Invalid(
                "survey.question-twice",
                f"คำถามข้อ {each.number} ซ้ำกับข้ออื่น",
                f"Question {each.number} is asked twice.",
            )
    return None


def refusal_of_marks(marks: str, questions: int) -> Refusal | None:
    """Why a respondent's marks, one digit for each question, cannot be kept."""
    if len(marks) != questions or set(marks) - set("12345"):
        return Invalid(
            "survey.unanswered",
            "กรุณาตอบให้ครบทุกข้อ ข้อละหนึ่งช่อง",
            "Please answer every question, one mark each.",
        )
    return None


def refusal_of_remark(remark: str) -> Refusal | None:
    """Why a remark cannot be kept."""
    if len(remark) > REMARK_MOST:
        return Invalid(
            "survey.remark",
            f"ข้อเสนอแนะยาวได้ไม่เกิน {REMARK_MOST} ตัวอักษร",
            f"A remark has at most {REMARK_MOST} signs.",
        )
    return None
