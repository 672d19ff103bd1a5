namespace JeanTrail.Voice.Tests;

/// <summary>Texts with most of what a language can do to a mouth.</summary>
static class Corpus
{
    internal static readonly (string Language, string Text)[] Texts =
    [
        ("en", "The quick brown fox jumps over the lazy dog. She sells sea shells; the judge's boy chose thick vision and measured pleasure near a poor pure fire."),
        ("en", "Good morning! It is twenty five degrees, 14:30, and the price is $5.50 or 1,234,567 items. Thursday's weather brought strength, length and months."),
        ("en-gb", "A bath in the garden, a hot cup of tea, here and there: the tour was rather square, my dear Mr. Brown."),
        ("ar", "مرحبا بك يا صديقي العزيز. ما اسمك؟ ذهب المدرس إلى المدرسة والطالب كتب الدرس، ثم قرأ القصة في البيت الكبير عند الظهر."),
        ("ar", "السَّلامُ عَلَيْكُمْ. غرفة ضيوف خضراء، ثلج أبيض، طائرة صغيرة، قلب حزين، شجرة جميلة و ٣٤ تفاحة بنسبة 5%."),
        ("vi", "Xin chào bạn, tôi là Jean. Hôm nay trời đẹp quá! Chúng ta nghe nhạc, uống trà và nói chuyện về những ngày xưa ở Huế nhé, được không?"),
        ("vi-vn-x-south", "Giá 1.500.000 đồng, giảm 3,5 %. Người Việt thường thức khuya, rửa bát, gửi thư, khoẻ mạnh, nghiêng ngả, quyển sách quý."),
        ("ru", "Привет, меня зовут Джин. Съешь ещё этих мягких французских булок, да выпей чаю! Щука, жук, объект, цыплёнок, вьюга, 1 500 000 рублей и 25 штук."),
    ];

    internal static readonly TheoryData<string, string> Sentences = new()
    {
        { "en", "Hello, my name is Jean, and I am very happy to meet you." },
        { "ar", "مرحبا، اسمي جين، وأنا سعيدة جدا بلقائك اليوم." },
        { "vi", "Xin chào, tôi tên là Jean, rất vui được gặp bạn hôm nay." },
        { "ru", "Здравствуйте, меня зовут Джин, и я очень рада вас видеть." },
    };
}
