using JeanTrail.Agents.Numbers;
using JeanTrail.Agents.Recognition;

namespace JeanTrail.Agents.Time;

/// <summary>Writes dates and times as each language does.</summary>
internal static class DateText
{
    static readonly Dictionary<Tongue, string[]> Months = new()
    {
        [Tongue.En] = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
        [Tongue.Ar] = ["يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"],
        [Tongue.Vi] = ["tháng 1", "tháng 2", "tháng 3", "tháng 4", "tháng 5", "tháng 6", "tháng 7", "tháng 8", "tháng 9", "tháng 10", "tháng 11", "tháng 12"],
        [Tongue.Ru] = ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"],
    };

    static readonly string[] RussianMonths = ["январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"];

    static readonly Dictionary<Tongue, string[]> Weekdays = new()
    {
        [Tongue.En] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        [Tongue.Ar] = ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"],
        [Tongue.Vi] = ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"],
        [Tongue.Ru] = ["понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"],
    };

    static readonly Dictionary<Tongue, string[]> ShortWeekdays = new()
    {
        [Tongue.En] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"],
        [Tongue.Ar] = ["ن", "ث", "ر", "خ", "ج", "س", "ح"],
        [Tongue.Vi] = ["T2", "T3", "T4", "T5", "T6", "T7", "CN"],
        [Tongue.Ru] = ["Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс"],
    };

    public static string Weekday(Tongue tongue, DateOnly date) => Weekdays[tongue][Index(date)];

    public static string[] WeekdayHeads(Tongue tongue) => ShortWeekdays[tongue];

    /// <summary>Monday is 0.</summary>
    public static int Index(DateOnly date) => ((int)date.DayOfWeek + 6) % 7;

    /// <summary>"20 November 2026".</summary>
    public static string Date(NumberText numbers, DateOnly date)
    {
        var (day, year) = (numbers.Digits(date.Day), numbers.Digits(date.Year));
        var month = Months[numbers.Tongue][date.Month - 1];
        return numbers.Tongue switch
        {
            Tongue.Vi => $"ngày {day} {month} năm {year}",
            Tongue.Ru => $"{day} {month} {year} г.",
            _ => $"{day} {month} {year}",
        };
    }

    /// <summary>"Friday, 20 November 2026".</summary>
    public static string Long(NumberText numbers, DateOnly date)
        => $"{Weekday(numbers.Tongue, date)}{(numbers.Tongue == Tongue.Ar ? "" : ",")} {Date(numbers, date)}";

    /// <summary>"March 2027", for headings.</summary>
    public static string Month(NumberText numbers, DateOnly date) => numbers.Tongue switch
    {
        Tongue.Ru => $"{RussianMonths[date.Month - 1]} {date.Year}",
        Tongue.Vi => $"Tháng {date.Month} năm {date.Year}",
        _ => $"{Months[numbers.Tongue][date.Month - 1]} {numbers.Digits(date.Year)}",
    };

    /// <summary>"2:30 PM" in English, "14:30" elsewhere.</summary>
    public static string Time(NumberText numbers, DateTime time)
        => numbers.Tongue == Tongue.En
            ? $"{(time.Hour % 12 == 0 ? 12 : time.Hour % 12)}:{time.Minute:00} {(time.Hour < 12 ? "AM" : "PM")}"
            : numbers.Digits($"{time.Hour:00}:{time.Minute:00}");

    public static string DateAndTime(NumberText numbers, DateTime time)
        => $"{Long(numbers, DateOnly.FromDateTime(time))}{(numbers.Tongue == Tongue.Ar ? "،" : ",")} {Time(numbers, time)}";
}
