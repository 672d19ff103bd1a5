using FsCheck;
using FsCheck.Fluent;
using JeanTrail.Kernel.Paging;

namespace JeanTrail.Kernel.Tests.Paging;

public sealed class PagingTests
{
    static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_cursor_survives_the_trip_through_a_client()
        => Prop.ForAll<DateTime, Guid>((at, id) =>
        {
            // To PostgreSQL's resolution.
            var moment = new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc).AddTicks(-(at.Ticks % 10)));
            return Cursor.TryParse(new Cursor(moment, id).ToString(), out var back) && back.At == moment && back.Id == id;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_text_makes_the_reader_throw()
        => Prop.ForAll<string>(text => Cursor.TryParse(text, out var cursor) == (cursor is not null)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("////////////////////////////////")]
    [InlineData("f_________8AAAAAAAAAAAAAAAAAAAAA")]
    [InlineData(" AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void A_cursor_that_is_not_ours_is_refused(string text) => Cursor.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void A_page_holds_the_limit_and_points_at_its_last_row_when_there_are_more()
    {
        var rows = Enumerable.Range(0, 4).Select(n => (At: Noon.AddSeconds(n), Id: Guid.CreateVersion7())).ToList();

        var page = Page.From(rows, new PageRequest(null, 3), row => row);
        var last = Page.From(rows[3..], new PageRequest(null, 3), row => row);

        page.Items.Count.ShouldBe(3);
        Cursor.TryParse(page.NextCursor, out var cursor).ShouldBeTrue();
        cursor.ShouldBe(new Cursor(rows[2].At, rows[2].Id));
        last.NextCursor.ShouldBeNull();
        new PageRequest(null, 3).Take.ShouldBe(4);
    }
}
