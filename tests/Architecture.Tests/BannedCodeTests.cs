namespace JeanTrail.Architecture.Tests;

public sealed class BannedCodeTests
{
    [Fact]
    public void Nobody_writes_what_is_banned()
        => Repository.Files("*.cs", "src", "workers", "tools", "tests", "bench")
            .SelectMany(path => BannedCode.InSource(path, Repository.Read(path)))
            .ShouldBeEmpty();

    [Fact]
    public void Nothing_compiled_uses_what_is_banned()
        => Repository.Modules.Select(Repository.Module)
            .Append(Repository.Kernel).Append(Repository.Contracts).Append(typeof(Host.JeanTrailHost).Assembly)
            .SelectMany(assembly => BannedCode.InAssembly(CompiledCode.Of(assembly)))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("var now = DateTime.UtcNow;")]
    [InlineData("var now = System.DateTime . Now;")]
    [InlineData("var now = DateTimeOffset.UtcNow.AddDays(1);")]
    [InlineData("var id = Guid.NewGuid();")]
    [InlineData("select(Guid.NewGuid)")]
    [InlineData("async void Fire()")]
    [InlineData("task.Wait();")]
    [InlineData("var x = task.Result;")]
    [InlineData("return LoadAsync().Result.Name;")]
    [InlineData("task.GetAwaiter().GetResult();")]
    [InlineData("Thread.Sleep(10);")]
    [InlineData("var text = $\"{Guid.NewGuid()}\";")]
    [InlineData("var text = $\"\"\"a \"quoted\" {Guid.NewGuid()} b\"\"\";")]
    [InlineData("var text = $$\"\"\"{x} {{Guid.NewGuid()}}\"\"\";")]
    [InlineData("var text = @\"c:\\\"; var id = Guid.NewGuid();")]
    [InlineData("var c = '\"'; var id = Guid.NewGuid(); // \"")]
    [InlineData("var c = '\\''; var id = Guid.NewGuid(); var d = '\\'';")]
    [InlineData("/* one */ var id = Guid.NewGuid(); /* two */")]
    public void What_is_banned_is_found(string code) => BannedCode.InSource("Sample.cs", "first line\n" + code).ShouldHaveSingleItem().ShouldStartWith("Sample.cs:2: ");

    [Theory]
    [InlineData("// Guid.NewGuid() is banned")]
    [InlineData("/// <c>DateTime.UtcNow</c>")]
    [InlineData("/* task.Result;\n task.Wait(); */")]
    [InlineData("var text = \"Guid.NewGuid()\";")]
    [InlineData("var text = \"a \\\" Guid.NewGuid()\";")]
    [InlineData("var text = @\"a \"\" Guid.NewGuid()\";")]
    [InlineData("var text = $\"{{Guid.NewGuid()}} {x}\";")]
    [InlineData("var text = \"\"\"\n Guid.NewGuid() \"\n\"\"\";")]
    [InlineData("var text = $\"{(ok ? \"Thread.Sleep\" : \"\")}\";")]
    [InlineData("Result<int> Make() => new Result<int>();")]
    [InlineData("JeanTrail.Kernel.Errors.Result<int> x;")]
    [InlineData("frame.Type is FrameType.Result; var text = result.Result;")]
    [InlineData("handle.WaitOne(); semaphore.WaitAsync();")]
    [InlineData("clock.GetUtcNow();")]
    [InlineData("Thread.Sleep(Timeout.Infinite); // a worker that plays dead")]
    public void What_only_looks_like_it_is_not(string code) => BannedCode.InSource("Sample.cs", code).ShouldBeEmpty();

    [Fact]
    public void A_compiled_use_is_found()
    {
        // The assertion library supports test runners that cannot await, so it blocks: a real sample from outside our code.
        var blocking = BannedCode.InAssembly(CompiledCode.Of(typeof(Should).Assembly)).ToList();

        blocking.ShouldContain(line => line.Contains("System.Threading.Tasks.Task.Wait", StringComparison.Ordinal));
    }
}
