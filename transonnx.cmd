@echo off
rem Runs the command line; builds it first if its jar is missing.
setlocal
set "HOME_DIR=%~dp0"
set "JAR=%HOME_DIR%cli\target\transonnx.jar"
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
if exist "%JAR%" goto run
call :build
if errorlevel 1 exit /b %ERRORLEVEL%
:run
rem Most commands are over before compiling more than the hottest loops would pay.
"%JAVA%" -XX:CompileThresholdScaling=10 -jar "%JAR%" %*
exit /b %ERRORLEVEL%

:build
rem Options of the user's are for the command, not for what makes it.
setlocal
set "JDK_JAVA_OPTIONS="
where mvn >nul 2>nul
if errorlevel 1 (
  echo transonnx: there is no mvn to build "%JAR%" with; install Maven 3.8 or later 1>&2
  exit /b 2
)
echo transonnx: building "%JAR%" 1>&2
pushd "%HOME_DIR%"
call mvn -B -q -DskipTests -pl cli -am package 1>&2
set "CODE=%ERRORLEVEL%"
popd
if not "%CODE%"=="0" exit /b 3
exit /b 0
